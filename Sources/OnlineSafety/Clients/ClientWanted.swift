import JSON
import OpenAPI

extension Client {
    /// A client to be made.
    struct Wanted: Body {
        let schoolID: ID<School>?
        let trustID: ID<Trust>?
        let name: Text<100>
        let purpose: Text<1000>
        let scopes: Few<Scope, 10>
        let schoolIDs: Few<ID<School>, 200>?
        let endsOn: Day

        static let schemaName = "ClientWanted"
        static let words = "A client to be made, of a school or of a trust."
        static var example: Wanted {
            Wanted(
                schoolID: ID("00000000-0000-7000-8000-000000000065"), trustID: nil,
                name: "Roster of the MIS", purpose: "Compares the roster each night",
                scopes: [.schoolsRead, .peopleRead], schoolIDs: nil, endsOn: .example)
        }

        enum CodingKeys: String, FieldWords {
            case name, purpose, scopes
            case schoolID = "school_id"
            case trustID = "trust_id"
            case schoolIDs = "school_ids"
            case endsOn = "ends_on"

            var words: String {
                switch self {
                case .schoolID: "The school that it is to read; or else `trust_id`."
                case .trustID: "The trust whose schools it is to read; or else `school_id`."
                case .name: "What it is: `Dashboard of the trust`."
                case .purpose: "For what it is there, for those who look through the list later."
                case .scopes: "What it may do; no more than it needs."
                case .schoolIDs:
                    "The schools of the trust that it may read; all of them when left out."
                case .endsOn: "Its last day: today, or a day within a year."
                }
            }
        }

        var faults: [JSONFault] {
            var faults: [JSONFault] = []
            if (schoolID == nil) == (trustID == nil) {
                faults.append(
                    JSONFault(
                        pointer: "/school_id", code: "one_organisation",
                        detail: "Give a school or a trust, and not both"))
            }
            if scopes.elements.isEmpty {
                faults.append(
                    JSONFault(pointer: "/scopes", code: "empty", detail: "Give at least one"))
            }
            let known =
                trustID == nil ? [] : scopes.elements.enumerated().filter { !$1.isForTrusts }
            faults += known.map { place, _ in
                JSONFault(
                    pointer: "/scopes/\(place)", code: "not_for_trusts",
                    detail: "A trust pulls figures, and nothing personal")
            }
            if schoolIDs != nil, trustID == nil {
                faults.append(
                    JSONFault(
                        pointer: "/school_ids", code: "only_for_trusts",
                        detail: "A school's client reads that school"))
            }
            if schoolIDs?.elements.isEmpty == true {
                faults.append(
                    JSONFault(
                        pointer: "/school_ids", code: "empty",
                        detail: "Give at least one, or leave it out"))
            }
            return faults
        }
    }

    /// A secret that was just made, with its client.
    struct SecretMade: Resource {
        static let isTagged = false
        static let schemaName = "ClientSecretMade"

        let id: ID<Client>
        let secretID: ID<Client.Secret>
        let clientSecret: String

        static let words = "A client's secret that was just made. It is shown this once."
        static var example: SecretMade {
            SecretMade(
                id: .example, secretID: .example,
                clientSecret: "rwn_client_5f0c2a9be1d47c38_q9Zk…")
        }

        enum CodingKeys: String, FieldWords {
            case id
            case secretID = "secret_id"
            case clientSecret = "client_secret"

            var words: String {
                switch self {
                case .id: "The client: its `client_id`."
                case .secretID: "The secret; not what it says."
                case .clientSecret: "The secret to send to `POST /v1/oauth/token`."
                }
            }
        }
    }

    /// A secret to take over from the one that there is.
    struct Rotation: Body {
        let oldEndsAt: Instant

        static let schemaName = "ClientRotation"
        static let words = "When the secret that there is ends, so that a new one can take over."
        static var example: Rotation { Rotation(oldEndsAt: .example) }

        enum CodingKeys: String, FieldWords {
            case oldEndsAt = "old_ends_at"

            var words: String {
                switch self {
                case .oldEndsAt:
                    "When the old one ends, within 30 days; what is past ends it at once, with the "
                        + "access tokens that were got by it."
                }
            }
        }
    }

    /// A reporting token to be made.
    struct ReportingWanted: Body {
        let label: Text<100>
        let endsOn: Day

        static let schemaName = "ReportingTokenWanted"
        static let words = "A reporting token to be made."
        static var example: ReportingWanted {
            ReportingWanted(label: "Workbook of the board", endsOn: .example)
        }

        enum CodingKeys: String, FieldWords {
            case label
            case endsOn = "ends_on"

            var words: String {
                switch self {
                case .label: "Where it will be used."
                case .endsOn: "Its last day; it ends with its client, if that is earlier."
                }
            }
        }
    }

    /// A reporting token that was just made.
    struct ReportingMade: Resource {
        static let isTagged = false
        static let schemaName = "ReportingTokenMade"

        let id: ID<ReportingToken>
        let clientID: ID<Client>
        let token: String

        static let words = "A reporting token that was just made. It is shown this once."
        static var example: ReportingMade {
            ReportingMade(
                id: .example, clientID: .example, token: "rwn_report_5f0c2a9be1d47c38_q9Zk…")
        }

        enum CodingKeys: String, FieldWords {
            case id, token
            case clientID = "client_id"

            var words: String {
                switch self {
                case .id: "The token; not what it says."
                case .clientID: "The client: the name for Basic."
                case .token: "The password for Basic, or the token for Bearer."
                }
            }
        }
    }
}
