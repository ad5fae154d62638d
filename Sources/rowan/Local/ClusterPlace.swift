import Crypto
import Glibc

/// Where the private cluster lies.
///
/// An ordinary user's lies in the project. Root's lies where the user can reach it who must run
/// PostgreSQL instead, which a project in root's home is not.
struct ClusterPlace {
    /// Tells this cluster's processes from those of all others.
    let name: String
    let user: ServerUser
    let data: String
    let socket: String

    init(project: String, user: ServerUser) throws {
        let hash = SHA256.hash(project).hex.prefix(12)
        name = "rowan-\(hash)"
        self.user = user
        let isRoot = getuid() == 0
        let parent = isRoot ? "/var/lib/rowan/\(hash)" : "\(project)/.rowan"
        if isRoot {
            try Files.makeFolder("/var/lib/rowan", mode: 0o755)
            try Files.makePrivateFolder(parent, for: user)
        }
        data = "\(parent)/postgres"
        let near = "\(parent)/socket"
        socket = Self.canHoldSocket(near) ? near : "/tmp/\(name)-\(getuid())"
        try Files.makePrivateFolder(socket, for: user)
    }

    var hasData: Bool { Files.exists("\(data)/PG_VERSION") }

    var version: Int? {
        Files.read("\(data)/PG_VERSION")?.split(separator: "\n").first.flatMap { Int($0) }
    }

    /// Only who may enter the socket's folder can connect; the server asks for nothing more.
    func url(user: String) -> String {
        "postgresql://\(user)@/rowan?host=\(socket)&port=5432"
    }

    /// Says in the project where its cluster lies, how to look into it, and how to verify the
    /// audit.
    func note(in path: String) throws {
        try Files.write(
            """
            data \(data)
            socket \(socket)
            psql '\(url(user: "postgres"))'
            ROWAN_MAINTENANCE_DATABASE_URL='\(url(user: "rowan_maintenance"))' \
            \(CheckpointFiles.assignments) .build/release/rowan audit verify

            """, to: path)
    }

    /// The system allows 107 bytes with the file's name; and no character that a URL or
    /// PostgreSQL's settings would want to have quoted.
    private static func canHoldSocket(_ folder: String) -> Bool {
        folder.utf8.count + "/.s.PGSQL.5432".utf8.count <= 107
            && folder.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._-".utf8.contains(byte)
                }
            }
    }
}
