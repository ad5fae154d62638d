/// The names of Swift types as the contract shows them.
enum TypeName {
    static func of(_ type: Any.Type) -> String {
        (type as? any Named.Type)?.schemaName ?? readable(type)
    }

    /// `Module.Incident.Report` as `IncidentReport`, `Module.Page<Module.Incident>` as
    /// `IncidentPage`.
    static func readable(_ type: Any.Type) -> String {
        let parts = String(reflecting: type).split { "<>,".contains($0) }
        return parts.reversed().map(withoutModule).joined()
    }

    /// Swift writes a private type as `Module.(unknown context at $1a2b).Name`.
    private static func withoutModule(_ name: Substring) -> String {
        let words = name.split(separator: ".").filter { !$0.contains("(") && !$0.contains(")") }
        let path = words.count > 1 ? words.dropFirst() : words[...]
        return path.joined().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
