import Glibc

/// The PostgreSQL programs of one version on this machine.
struct Installation {
    let folder: String
    let version: Int

    /// The one of that version, where data of that version exist; otherwise the newest that Rowan
    /// can use.
    static func find(version wanted: Int?, environment: [String: String]) throws -> Installation {
        let all = folders(environment)
            .filter { Files.canExecute($0 + "/initdb") && Files.canExecute($0 + "/postgres") }
            .compactMap { Installation(folder: $0, environment) }
        if let wanted {
            if let same = all.first(where: { $0.version == wanted }) { return same }
            throw LocalError(
                "The data were made by PostgreSQL \(wanted), which is not installed (any longer)")
        }
        if let newest = all.max(by: { $0.version < $1.version }), newest.version >= 15 {
            return newest
        }
        throw LocalError("PostgreSQL 15 or newer is not installed (on Debian: postgresql)")
    }

    private init?(folder: String, _ environment: [String: String]) {
        let command = Command(words: [folder + "/postgres", "--version"], environment: environment)
        // "postgres (PostgreSQL) 15.14 (Debian …)"
        guard let words = try? command.text(),
            let version = words.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
        else { return nil }
        self.folder = folder
        self.version = version
    }

    private static func folders(_ environment: [String: String]) -> [String] {
        let debian = "/usr/lib/postgresql"
        let path = environment["PATH"] ?? ""
        let asked = try? Command(words: ["pg_config", "--bindir"], environment: environment).text()
        return Files.names(in: debian).map { "\(debian)/\($0)/bin" }
            + path.split(separator: ":").map(String.init)
            + (asked ?? "").split(separator: "\n").map(String.init)
    }
}
