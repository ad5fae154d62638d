// swift-tools-version: 6.2
import PackageDescription

/// Nonisolated async functions stay where their caller runs: on the connection's loop.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "rowan",
    targets: [
        // The program: read the configuration, then serve, migrate, verify …
        .executableTarget(
            name: "rowan",
            dependencies: ["OnlineSafety", "EventLoop", "HTTP", "Postgres", "JSON", "Crypto"],
            swiftSettings: settings),

        // The application: one folder for each area of a school's online safety.
        .target(
            name: "OnlineSafety",
            dependencies: [
                "HTTP", "Postgres", "OpenAPI", "JSON", "Crypto", "Bytes", "EventLoop", "CLinux",
            ],
            swiftSettings: settings),

        // Libraries that know nothing of schools, nor of each other where no arrow says so.
        .target(name: "HTTP", dependencies: ["EventLoop", "Bytes"], swiftSettings: settings),
        .target(
            name: "Postgres", dependencies: ["EventLoop", "JSON", "Bytes", "CLibpq"],
            swiftSettings: settings),
        .target(name: "OpenAPI", dependencies: ["JSON", "Bytes"], swiftSettings: settings),
        .target(name: "JSON", dependencies: ["Bytes"], swiftSettings: settings),
        .target(name: "Crypto", dependencies: ["CCrypto"], swiftSettings: settings),
        .target(name: "EventLoop", dependencies: ["CLinux"], swiftSettings: settings),
        .target(name: "Bytes", swiftSettings: settings),

        // What Debian's libpq-dev and the C library offer.
        .systemLibrary(name: "CLibpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),

        .testTarget(
            name: "OnlineSafetyTests",
            dependencies: ["OnlineSafety", "EventLoop", "HTTP", "Postgres", "JSON", "Crypto"],
            swiftSettings: settings),
        .testTarget(
            name: "HTTPTests", dependencies: ["HTTP", "EventLoop", "Bytes"],
            swiftSettings: settings),
        .testTarget(
            name: "PostgresTests", dependencies: ["Postgres", "EventLoop", "Bytes"],
            swiftSettings: settings),
        .testTarget(
            name: "OpenAPITests", dependencies: ["OpenAPI", "JSON"], swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "Bytes"], swiftSettings: settings),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: settings),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"], swiftSettings: settings),
        .testTarget(name: "StyleTests", swiftSettings: settings),
    ]
)
