/// The four heads of risk (INC-20): the three of source 004, and commerce, which guidance has added
/// since.
enum RiskCategory: String, Words {
    case content
    case contact
    case conduct
    case commerce

    var label: String {
        switch self {
        case .content: "Content: exposed to illegal, inappropriate or harmful material"
        case .contact: "Contact: harmful interaction with other users"
        case .conduct: "Conduct: own behaviour that makes harm likelier"
        case .commerce: "Commerce: gambling, advertising, phishing, scams"
        }
    }
}

/// The five heads under which source 000 has its DSL think (INC-20); a school may leave them out.
enum SafetyHead: String, Words {
    case personalData = "personal_data"
    case illegalMaterial = "illegal_material"
    case inappropriateContact = "inappropriate_contact"
    case grooming
    case cyberbullying

    var label: String {
        switch self {
        case .personalData: "Sharing of personal data"
        case .illegalMaterial: "Access to illegal or inappropriate material"
        case .inappropriateContact: "Inappropriate contact with adults or strangers"
        case .grooming: "Potential or actual grooming"
        case .cyberbullying: "Cyberbullying"
        }
    }
}

/// How grave it was found to be.
enum Severity: String, Words {
    case low
    case medium
    case high

    var label: String {
        switch self {
        case .low: "Low: no harm came of it"
        case .medium: "Medium: some harm, or some risk of it"
        case .high: "High: serious harm, or a serious risk of it"
        }
    }
}

/// Whether something unlawful is suspected (INC-20).
enum Legality: String, Words {
    case no
    case unclear
    case suspected

    var label: String {
        switch self {
        case .no: "Nothing unlawful"
        case .unclear: "Not clear"
        case .suspected: "Something unlawful is suspected"
        }
    }
}

/// A part of somebody involved, as the record has it (INC-25): those of the report, and the
/// reporter's own.
enum RecordedPart: String, Words {
    case target
    case alleged
    case witness
    case reporter
    case other

    var label: String {
        self == .reporter ? "They reported it" : Part(rawValue: rawValue)?.label ?? rawValue
    }
}
