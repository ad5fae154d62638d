import Foundation

/// A file of the project, as the style tests read it.
struct SourceFile: Sendable {
    /// From the project's folder.
    let path: String
    let lines: [String]

    /// The Swift files of `Sources` and `Tests`, and the migrations; not these tests, which name
    /// what they forbid.
    static let all: [SourceFile] = ["Sources", "Tests", "Migrations"].flatMap(files)
        .filter { !$0.path.hasPrefix("Tests/StyleTests/") }

    static let sources = all.filter { $0.path.hasPrefix("Sources/") && $0.isSwift }
    static let swift = all.filter(\.isSwift)

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// `Crypto` of `Sources/Crypto/Digest.swift`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// "path:line" of each line for which that is so.
    func places(where isOffending: (String) -> Bool) -> [String] {
        lines.enumerated().filter { isOffending($0.element) }.map { "\(path):\($0.offset + 1)" }
    }

    /// "path:line" of so many lines after each that holds this.
    func places(after mark: String, count: Int) -> Set<String> {
        let starts = lines.indices.filter { lines[$0].contains(mark) }
        return Set(starts.flatMap { start in (1...count).map { "\(path):\(start + 1 + $0)" } })
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func files(in folder: String) -> [SourceFile] {
        let start = root.appendingPathComponent(folder).path
        let names =
            FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".sql") }.sorted().compactMap {
            guard let text = try? String(contentsOfFile: "\(start)/\($0)", encoding: .utf8) else {
                return nil
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return SourceFile(path: "\(folder)/\($0)", lines: lines.map(String.init))
        }
    }
}
