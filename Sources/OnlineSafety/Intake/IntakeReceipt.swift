import JSON
import OpenAPI

/// What whoever reported without an account is answered, and all that they ever are: a reference,
/// what happens next, whom to ring. It is the same whoever was told, and whether anybody was.
struct IntakeReceipt: Resource {
    static let isTagged = false

    let reference: String
    let next: String
    let ringNow: [Helpline]
    let warnings: [SetAside]

    /// Somebody outside the school who is there for everybody.
    struct Helpline: Codable {
        let who: String
        let telephone: String
        let when: String
    }

    static let words =
        "The receipt of a report without an account: it leads nowhere, and nothing more is told."
    static var example: IntakeReceipt {
        IntakeReceipt(reference: "7K3Q-F2MX", warnings: [])
    }

    init(reference: String, warnings: [SetAside]) {
        self.reference = reference
        next = Self.whatHappensNext
        ringNow = Self.helplines
        self.warnings = warnings
    }

    private static let whatHappensNext = """
        It is kept, and goes to those at the school whose job it is to keep children safe. They \
        may get in touch by what you have given; nobody can look it up by the reference, but you \
        can name it when you talk to them. Do not send, copy or pass on any picture, and leave \
        everything as it is. If you are worried that nobody does anything, tell another adult whom \
        you trust, or ring one of these numbers.
        """

    static let tooMany = """
        Too many reports have come this way just now; try again after the time that Retry-After \
        names. If somebody is in danger ring 999. Childline (under 19): 0800 1111. NSPCC, for \
        adults: 0808 800 5000.
        """

    private static let helplines = [
        Helpline(who: "Police, ambulance", telephone: "999", when: "Somebody is in danger now"),
        Helpline(
            who: "Childline", telephone: "0800 1111",
            when: "You are under 19 and want to talk to somebody"),
        Helpline(
            who: "NSPCC", telephone: "0808 800 5000",
            when: "You are an adult and worried about a child"),
    ]

    enum CodingKeys: String, FieldWords {
        case reference, next, warnings
        case ringNow = "ring_now"

        var words: String {
            switch self {
            case .reference: "What to call it when you talk to somebody at the school."
            case .next: "What happens next, in words for the reporter."
            case .ringNow: "Whom to ring now, and in which case."
            case .warnings: "What could not be taken, and why."
            }
        }
    }
}

extension IntakeReceipt.Helpline {
    enum CodingKeys: String, FieldWords {
        case who, telephone, when

        var words: String {
            switch self {
            case .who: "The service."
            case .telephone: "Its number, free of charge."
            case .when: "In which case to ring."
            }
        }
    }
}
