/// How long the functions of a file are, read off their indentation, which the formatter keeps.
struct FunctionLengths {
    let file: SourceFile

    /// "path:line" of each function or initialiser with more lines than that between its first
    /// line and its closing brace.
    func places(longerThan limit: Int) -> [String] {
        file.lines.indices.filter { isStart(file.lines[$0]) && length(from: $0) > limit }
            .map { "\(file.path):\($0 + 1): \(length(from: $0)) lines" }
    }

    private func isStart(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(where: { $0 == "func" || $0.hasPrefix("init") })
        else { return false }
        let modifiers: Set<Substring> = [
            "public", "package", "internal", "fileprivate", "private", "open", "static", "class",
            "final", "override", "mutating", "consuming", "borrowing", "nonisolated", "convenience",
            "required", "@inlinable", "@Test", "@MainActor",
        ]
        return words[..<index].allSatisfy { modifiers.contains($0) }
    }

    private func length(from start: Int) -> Int {
        let indentation = file.lines[start].prefix { $0 == " " }
        let end = file.lines[(start + 1)...].firstIndex {
            $0.hasPrefix(indentation + "}") || isEnd($0, before: indentation.count)
        }
        return (end ?? start) - start
    }

    /// A declaration without a body ends where the next thing stands.
    private func isEnd(_ line: String, before indentation: Int) -> Bool {
        !line.isEmpty && line.prefix { $0 == " " }.count < indentation && !line.hasPrefix("\"\"\"")
    }
}
