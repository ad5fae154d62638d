import JSON
import OpenAPI
import Postgres

/// The record of processing: what the register holds of whom, why, and for how long.
enum RecordOfProcessing {
    static let area = Area(
        name: "Processing",
        words: "What the register holds of whom, why, on which basis in law, and for how long.",
        routes: [
            .get(
                "/v1/record-of-processing", "Read the record of processing",
                """
                What the register holds, for a school's own record and its privacy notices \
                (AUD-06; UK GDPR Article 30). Who receives it is read off the operations, and \
                for how long it is kept off the list by which it is taken away.
                """,
                for: [Role].everyone.admitted(.self), by(read))
        ],
        vocabularies: [
            Vocabulary("data_subjects", DataSubject.self),
            Vocabulary("lawful_bases", LawfulBasis.self),
            Vocabulary("special_bases", SpecialBasis.self),
        ])

    static func read(in tx: Transaction) -> Listed<ProcessingShown> {
        tx.listed(
            """
            select line.*, coalesce((
                    select jsonb_agg(jsonb_build_object(
                            'what', replace(gone.relation, '_', ' '),
                            'kept_for', replace(gone.kept_for::text, '01:00:00', '1 hour'),
                            'after', gone.after, 'why', gone.why)
                        order by gone.relation)
                    from what_is_swept() as gone
                    where gone.relation = any (line._tables)), '[]') as taken_away,
                (
                    select coalesce(jsonb_agg(kept.why order by kept.why), '[]')
                    from what_is_kept() as kept
                    where kept.relations && line._tables
                ) as kept
            from jsonb_to_recordset(\(lines)::jsonb) as line (
                code text, name text, whose text[], data text, purpose text, basis text,
                special text, minimised text, received_by text[], scopes text[], _tables text[])
            """)
    }

    /// As the database takes it, each line with those who receive it by way of its area.
    private static let lines: String = JSON.string(
        of: JSONValue.array(areas.flatMap { area in area.holds.map { line(of: $0, in: area) } }))

    private static func line(of held: Processing, in area: Area) -> JSONValue {
        let shown = area.routes.filter { $0.method == .get }
        let roles = Role.allCases.filter { role in
            shown.contains { $0.admissions?.contains { $0.role == role } == true }
        }
        let scopes = Scope.allCases.filter { scope in
            shown.contains { $0.scopes.contains { $0.scope == scope } }
        }
        return [
            "code": .string(held.code), "name": .string(held.name),
            "whose": .array(held.whose.map { .string($0.rawValue) }),
            "data": .string(held.data), "purpose": .string(held.purpose),
            "basis": .string(held.basis.rawValue),
            "special": held.special.map { .string($0.rawValue) } ?? .null,
            "minimised": .string(held.minimised),
            "received_by": .array(roles.map { .string($0.rawValue) }),
            "scopes": .array(scopes.map { .string($0.rawValue) }),
            "_tables": .array((held.tables + held.workedOutOf).map { .string($0) }),
        ]
    }
}

/// What a part of the register holds.
struct ProcessingShown: Resource {
    static let isTagged = false

    let code: String
    let name: String
    let whose: [DataSubject]
    let data: String
    let purpose: String
    let basis: LawfulBasis
    let special: SpecialBasis?
    let minimised: String
    let receivedBy: [Role]
    let scopes: [Scope]
    let takenAway: [TakenAway]
    let kept: [String]

    static let words = "What a part of the register holds of whom, why, and for how long."
    static var example: ProcessingShown {
        ProcessingShown(
            code: "sign_in", name: "Accounts and sessions", whose: [.callers],
            data: "Name, mail address, when somebody logged in.",
            purpose: "That nobody opens the register but those whose post it is.",
            basis: .publicTask, special: nil, minimised: "No password can be read back.",
            receivedBy: [.headteacher], scopes: [],
            takenAway: [
                TakenAway(
                    what: "session", keptFor: "90 days", after: "its end",
                    why: "it holds a network address")
            ],
            kept: ["who held which post"])
    }

    /// Something that goes after a time.
    struct TakenAway: Codable {
        let what: String
        let keptFor: String
        let after: String
        let why: String
    }

    enum CodingKeys: String, FieldWords {
        case code, name, whose, data, purpose, basis, special, minimised, scopes, kept
        case receivedBy = "received_by"
        case takenAway = "taken_away"

        var words: String {
            switch self {
            case .code: "The part, by a word that does not change."
            case .name: "What it is called."
            case .whose: "Of whom it tells."
            case .data: "Which kinds of data these are."
            case .purpose: "What they are for."
            case .basis:
                "The lawful basis; the school confirms it with its data protection officer."
            case .special:
                "On which basis data of a special category, or of an offence, are held; absent "
                    + "where there are none."
            case .minimised: "How it is kept to what is needed."
            case .receivedBy: "The posts that are shown any of it."
            case .scopes: "The scopes with which a program is shown any of it."
            case .takenAway: "What of it goes by itself, and when."
            case .kept: "What of it stays: until the school decides."
            }
        }
    }
}

extension ProcessingShown.TakenAway {
    enum CodingKeys: String, FieldWords {
        case what, after, why
        case keptFor = "kept_for"

        var words: String {
            switch self {
            case .what: "What goes."
            case .keptFor: "After how long."
            case .after: "Since when that is reckoned."
            case .why: "Why it need not stay."
            }
        }
    }
}
