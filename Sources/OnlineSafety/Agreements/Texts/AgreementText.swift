import JSON
import OpenAPI

/// What a version of an agreement says and asks for: its headings and clauses, who signs it with
/// what, how long that holds, and what hangs on it (AGR-03 to AGR-06, AGR-10, AGR-11).
struct AgreementText: Body {
    let title: Text<200>
    let policy: Text<200>?
    let form: AgreementForm
    let signers: Signers?
    let partOf: Text<200>?
    let fields: Few<SignatureField, 2>?
    let attestations: Few<Attestation, 20>?
    let headings: Few<Heading, 60>
    let variants: Few<Variant, 6>?
    let renewal: Renewal?
    let needs: Few<ID<AgreementTemplate>, 10>?
    let opens: Few<Access, 10>?
    let dueDays: Int?

    static let schemaName = "AgreementText"
    static let words = "What a version of an agreement says and asks for."
    static var example: AgreementText {
        AgreementText(
            title: "Acceptable use by staff", policy: "Online safety policy, January 2026",
            form: .signature, signers: .oneself, partOf: "the contract of employment",
            fields: [.jobTitle],
            attestations: [
                Attestation(
                    code: "policy_read", words: "I have read the online safety policy.",
                    by: nil),
                Attestation(
                    code: "data_policy_read", words: "I have read the data protection policy.",
                    by: nil),
            ],
            headings: [
                Heading(
                    code: "passwords", words: "Passwords",
                    clauses: [
                        Clause(
                            code: "passwords.own",
                            words: "I use my own log-in at {{school}} and lend it to nobody.",
                            symbol: nil)
                    ])
            ],
            variants: nil,
            renewal: Renewal(afterMonths: 12, eachSchoolYear: nil, onEntering: nil), needs: nil,
            opens: [.device, .email], dueDays: 14)
    }

    /// Clauses that belong together.
    struct Heading: Codable {
        let code: ClauseCode
        let words: Text<200>?
        let clauses: Few<Clause, 60>
    }

    /// One rule, with the code by which an incident cites it.
    struct Clause: Codable {
        let code: ClauseCode
        let words: Text<2000>
        let symbol: Text<40>?
    }

    /// What a signer confirms beside the rules themselves.
    struct Attestation: Codable {
        let code: ClauseCode
        let words: Text<500>
        let by: AgreementPart?
    }

    /// The same rules for other readers: what is not said anew stands as it is.
    struct Variant: Codable {
        let code: ClauseCode
        let name: Text<100>
        let kind: VariantKind
        let clauses: Few<Clause, 300>
    }

    /// How long a signature holds: what comes first ends it; where nothing is said, the next
    /// version does.
    struct Renewal: Codable {
        let afterMonths: Int?
        let eachSchoolYear: Bool?
        let onEntering: Few<Year, 17>?
    }
}

extension AgreementText {
    enum CodingKeys: String, FieldWords {
        case title, policy, form, signers, fields, attestations, headings, variants, renewal, needs
        case opens
        case partOf = "part_of"
        case dueDays = "due_days"

        var words: String {
            switch self {
            case .title: "What stands above it."
            case .policy: "The policy that it supports, with its version or date."
            case .form: "What is done with it: signed, agreed to, handed over, or only given."
            case .signers:
                "Who signs. Of an adult `oneself`, which is usual; of what is only given nobody."
            case .partOf:
                "Of what it forms a part, such as the contract of employment (AGR-23)."
            case .fields: "What each signer writes beside the full name and the date."
            case .attestations: "What a signer confirms beside the rules, each of it."
            case .headings:
                "The rules. `{{school}}`, `{{headteacher}}`, `{{dsl}}`, `{{coordinator}}`, "
                    + "`{{contact}}` (whom to ask), `{{person}}` and `{{class}}` are filled in "
                    + "when it is issued (AGR-05)."
            case .variants: "The same in plain words, or for somebody who needs it otherwise."
            case .renewal: "How long a signature holds; until the next version when not given."
            case .needs:
                "Templates that must have been signed too, by those to whom they are put."
            case .opens: "What nobody has before it is signed (AGR-12, AGR-13)."
            case .dueDays: "Within how many days it is to be signed, 0 to 365; 0 when not given."
            }
        }
    }
}

extension AgreementText.Heading {
    enum CodingKeys: String, FieldWords {
        case code, words, clauses

        var words: String {
            switch self {
            case .code: "Its code, which no other heading or clause here has."
            case .words: "What stands above the clauses; nothing, of those before a first heading."
            case .clauses: "Its clauses, in their order."
            }
        }
    }
}

extension AgreementText.Clause {
    enum CodingKeys: String, FieldWords {
        case code, words, symbol

        var words: String {
            switch self {
            case .code: "Its code; the same rule keeps it from version to version."
            case .words: "The rule."
            case .symbol: "A sign beside it, for those who do not read yet."
            }
        }
    }
}

extension AgreementText.Attestation {
    enum CodingKeys: String, FieldWords {
        case code, words, by

        var words: String {
            switch self {
            case .code:
                "Its code. `policy_read` and `data_policy_read` are what an adult confirms in "
                    + "every agreement that is signed."
            case .words: "What is confirmed."
            case .by: "Who confirms it; each signer when not given."
            }
        }
    }
}

extension AgreementText.Variant {
    enum CodingKeys: String, FieldWords {
        case code, name, kind, clauses

        var words: String {
            switch self {
            case .code: "Its code, by which it is chosen when the agreement is issued."
            case .name: "What people call it."
            case .kind: "For whom it is."
            case .clauses: "The clauses that it says otherwise, by their codes."
            }
        }
    }
}

extension AgreementText.Renewal {
    enum CodingKeys: String, FieldWords {
        case afterMonths = "after_months"
        case eachSchoolYear = "each_school_year"
        case onEntering = "on_entering"

        var words: String {
            switch self {
            case .afterMonths: "So many months after it was signed: 1 to 120."
            case .eachSchoolYear: "On 1 September."
            case .onEntering: "On 1 September of the year in which a pupil enters one of these."
            }
        }
    }
}

/// The code of a heading, a clause or what is confirmed, or of a training: `passwords.own`.
struct ClauseCode: TextScalar, Hashable {
    let string: String

    init?(_ text: String) {
        let bytes = text.utf8
        guard (1...60).contains(bytes.count), let first = bytes.first,
            (97...122).contains(first) || (48...57).contains(first),
            bytes.allSatisfy({
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: ".")
            })
        else { return nil }
        string = text
    }

    static let fault = JSONFault(
        code: "code", detail: "1 to 60 small letters, digits, full stops and underscores")
    static let schema = Schema.text(pattern: "^[a-z0-9][a-z0-9._]{0,59}$")
    static let exampleText: StaticString = "passwords.own"
}

extension ClauseCode: ExpressibleByStringLiteral {
    /// For examples in the contract; what the source says is taken as it is.
    init(stringLiteral text: StaticString) { string = text.description }
}

extension AgreementText {
    /// As the database keeps it.
    init?(kept content: String) {
        var content = content
        guard let value = content.withUTF8({ try? JSON.parse(UnsafeRawBufferPointer($0)) }),
            let text = try? JSON.decode(AgreementText.self, from: value)
        else { return nil }
        self = text
    }
}
