import FoundationEssentials

/// One numbered file of SQL.
package struct Migration: Equatable, Sendable {
    package let number: Int
    package let name: String
    let script: String

    /// Reads `0001_schools.sql`; `nil` for a file that is no SQL.
    init?(_ file: String, in folder: String) throws(Migrator.Refusal) {
        guard file.hasSuffix(".sql") else { return nil }
        let parts = file.dropLast(4).split(separator: "_", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 4, let number = Int(parts[0]), number > 0
        else { throw Migrator.Refusal("\(file) is not named like 0001_what_it_does.sql") }
        guard let bytes = FileManager.default.contents(atPath: folder + "/" + file),
            let script = String(validating: bytes, as: UTF8.self)
        else { throw Migrator.Refusal("\(file) cannot be read as UTF-8") }
        (self.number, self.script) = (number, script)
        name = String(parts[1])
    }

    /// A file that begins with this line is one statement, which cannot be part of a transaction
    /// (`create index concurrently`) and can be run again after it was cut off.
    var isBare: Bool { script.hasPrefix("-- no transaction\n") }

    /// All files of a folder, which must be numbered from one without a gap.
    static func all(in folder: String) throws(Migrator.Refusal) -> [Migration] {
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Migrator.Refusal("the folder \(folder) cannot be read")
        }
        var migrations: [Migration] = []
        for file in files.sorted() {
            if let migration = try Migration(file, in: folder) { migrations.append(migration) }
        }
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw Migrator.Refusal(
                "\(migration.number)_\(migration.name).sql should be number \(index + 1)")
        }
        return migrations
    }
}
