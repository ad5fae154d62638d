import JSON
import OpenAPI

/// Rules that somebody named in an incident broke, and how these stood for them on its day: by the
/// version to which they had agreed, or else by the one in force (AGR-25).
struct Breach: Resource {
    let id: ID<Breach>
    let schoolID: ID<School>
    let personID: ID<Person>
    let name: String
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let number: Int
    let agreementID: ID<Agreement>?
    let sha256: String?
    let clauses: [Clause]
    let breachedOn: Day
    let state: AgreementState
    let wasCurrent: Bool
    let signedOn: Day?
    let words: String?
    let etag: String

    static let words = "Rules that somebody broke, as they stood for them on that day."
    static var example: Breach {
        Breach(
            id: .example, schoolID: .example, personID: .example, name: "Robin Ash",
            templateID: .example, template: "Pupils, Key Stage 2", versionID: .example, number: 2,
            agreementID: .example,
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            clauses: [.example], breachedOn: .example, state: .signed, wasCurrent: true,
            signedOn: .example, words: nil, etag: "\"1\"")
    }

    /// A clause that was broken, as it read.
    struct Clause: Codable, Exemplary {
        let code: ClauseCode
        let words: String

        static var example: Clause {
            Clause(
                code: "use.own",
                words: "At {{school}} I use my own log-in.")
        }

        enum CodingKeys: String, FieldWords {
            case code, words

            var words: String {
                switch self {
                case .code: "Its code in that version."
                case .words: "The rule as that version has it."
                }
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, name, template, number, sha256, clauses, state, words, etag
        case schoolID = "school_id"
        case personID = "person_id"
        case templateID = "template_id"
        case versionID = "version_id"
        case agreementID = "agreement_id"
        case breachedOn = "breached_on"
        case wasCurrent = "was_current"
        case signedOn = "signed_on"

        var words: String {
            switch self {
            case .id: "That they were broken."
            case .schoolID: "The school."
            case .personID: "By whom; somebody whom the record names."
            case .name: "Their name."
            case .templateID: "The rules."
            case .template: "What the school called them when it was put down."
            case .versionID:
                "The version by which they were bound on that day: the one to which they had "
                    + "agreed, where that held, in its grace too; else the one in force."
            case .number: "Its number."
            case .agreementID: "The agreement that had been put before them; absent where none was."
            case .sha256: "The SHA-256 of its words, as its copy has it."
            case .clauses: "The clauses that were broken; none, where it is the whole."
            case .breachedOn:
                "The day for which that was worked out: on which it happened, or else was "
                    + "reported, when it was put down."
            case .state: "How it stood for them on that day."
            case .wasCurrent: "Whether anything that they had agreed to held on that day."
            case .signedOn: "On which day the last who must had signed, by then."
            case .words: "What is to be said of it."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// Rules to be named as broken.
    struct Named: RecordBody {
        let personID: ID<Person>
        let templateID: ID<AgreementTemplate>
        let clauses: Few<ClauseCode, 60>?
        let words: Text<2000>?

        static let schemaName = "BreachNamed"
        static let words = "By whom which rules were broken."
        static var example: Named {
            Named(
                personID: .example, templateID: .example, clauses: ["use.own"], words: nil)
        }

        var faults: [JSONFault] {
            var known: Set<ClauseCode> = []
            return (clauses?.elements ?? []).enumerated()
                .filter { !known.insert($0.element).inserted }
                .map { place, _ in
                    JSONFault(
                        pointer: "/clauses/\(place)", code: "repeated",
                        detail: "This clause is named already")
                }
        }

        enum CodingKeys: String, FieldWords {
            case clauses, words
            case personID = "person_id"
            case templateID = "template_id"

            var words: String {
                switch self {
                case .clauses:
                    "The codes of the clauses that were broken, of the version by which they were "
                        + "bound on the day of the incident."
                default: Breach.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}
