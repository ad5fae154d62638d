import JSON
import OpenAPI

/// Which procedures belong to which type of incident at a school (PRC-02).
struct ProcedureMap: Resource {
    let schoolID: ID<School>
    let types: [MappedType]
    let fromOn: Day?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "Which procedures belong to which type of incident."
    static var example: ProcedureMap {
        ProcedureMap(
            schoolID: .example, types: [.example], fromOn: nil, setBy: nil, setAt: nil,
            etag: "\"0\"")
    }

    enum CodingKeys: String, FieldWords {
        case types, etag
        case schoolID = "school_id"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .types: "Every type of incident, with what belongs to it."
            default: SchoolProcedure.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }

    /// What a school says of it.
    struct Said: JudgedBody {
        let types: Few<MappedType.Said, 20>
        let fromOn: Day?

        static let schemaName = "ProcedureMapSaid"
        static let words = "Which procedures belong to which types, where the school differs."
        static var example: Said { Said(types: [.example], fromOn: nil) }

        enum CodingKeys: String, FieldWords {
            case types
            case fromOn = "from_on"

            var words: String {
                switch self {
                case .types: "The types of which the school says it; of all others the usual holds."
                case .fromOn: "From which day, today or later; today when not given."
                }
            }
        }

        var ownFaults: [JSONFault] {
            let names = types.elements.map(\.type)
            return names.indices.filter { names[..<$0].contains(names[$0]) }.map { place in
                JSONFault(
                    pointer: "/types/\(place)/type", code: "repeated",
                    detail: "Say of each type once what belongs to it")
            }
        }
    }
}

/// What belongs to one type of incident.
struct MappedType: Codable, Exemplary {
    let type: IncidentType
    let attached: [ProcedureCode]
    let choose: [ProcedureCode]
    let offered: [ProcedureCode]
    let isOwn: Bool

    static var example: MappedType {
        MappedType(type: .hate, attached: ["hate"], choose: [], offered: [], isOwn: false)
    }

    enum CodingKeys: String, FieldWords {
        case type, attached, choose, offered
        case isOwn = "is_own"

        var words: String {
            switch self {
            case .type: "The type."
            case .attached: "What triage attaches of itself."
            case .choose:
                "Those of which triage must choose at least one, because the type does not say "
                    + "which."
            case .offered: "What may belong to it besides."
            case .isOwn: "Whether the school has said so itself."
            }
        }
    }

    /// The same as a school says it.
    struct Said: Codable, Exemplary {
        let type: IncidentType
        let attached: Few<ProcedureCode, 10>?
        let choose: Few<ProcedureCode, 10>?
        let offered: Few<ProcedureCode, 10>?

        static var example: Said {
            Said(type: .gambling, attached: ["social_media_use"], choose: nil, offered: nil)
        }

        enum CodingKeys: String, FieldWords {
            case type, attached, choose, offered

            var words: String { MappedType.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }

        /// Every procedure that it names, with its place.
        var named: [(pointer: String, code: ProcedureCode)] {
            [("attached", attached), ("choose", choose), ("offered", offered)]
                .flatMap { key, codes in
                    (codes?.elements ?? []).enumerated().map { ("\(key)/\($0.offset)", $0.element) }
                }
        }

        /// As it is kept.
        var kept: Kept {
            Kept(
                type: type, attached: attached?.elements ?? [], choose: choose?.elements ?? [],
                offered: offered?.elements ?? [])
        }
    }

    /// As it is kept: with the lists that were left out.
    struct Kept: Encodable {
        let type: IncidentType
        let attached: [ProcedureCode]
        let choose: [ProcedureCode]
        let offered: [ProcedureCode]
    }
}
