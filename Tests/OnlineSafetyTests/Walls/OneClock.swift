import FoundationEssentials
import Testing

/// The clock of the register is one function, which a test can set.
@Suite struct `One clock` {
    private static let others = [
        "now()", "current_timestamp", "current_date", "current_time", "localtime",
        "transaction_timestamp", "statement_timestamp", "clock_timestamp",
    ]

    @Test func `no migration asks for the time but by rowan_now()`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(root)/Migrations")
            .filter { $0.hasSuffix(".sql") }
        #expect(files.count >= 6)
        for file in files {
            let text = String(decoding: try committed("Migrations/\(file)"), as: UTF8.self)
                .lowercased().replacing("rowan_now()", with: "")
            for other in Self.others {
                // The one place where the clock itself is read.
                let isDefinition = file.hasPrefix("0001") && other == "transaction_timestamp"
                let found = text.split(separator: other, omittingEmptySubsequences: false).count - 1
                #expect(found == (isDefinition ? 1 : 0), "\(other) in \(file)")
            }
        }
    }
}
