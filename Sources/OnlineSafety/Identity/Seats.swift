import JSON

extension Caller {
    /// Reads `{"<organisation>": ["dsl", "staff"]}`. A role that this program does not know opens
    /// nothing.
    static func seats(_ text: String) -> [Seat] {
        var text = text
        let value = text.withUTF8 { try? JSON.parse(UnsafeRawBufferPointer($0)) }
        guard case .object(let organisations)? = value else { return [] }
        return organisations.members.flatMap { organisation -> [Seat] in
            guard let school = ID<School>(text: organisation.name),
                case .array(let roles) = organisation.value
            else {
                return []
            }
            return roles.compactMap { role in
                guard case .string(let word) = role else { return nil }
                return Role(rawValue: word).map { Seat(school: school, role: $0) }
            }
        }
    }
}
