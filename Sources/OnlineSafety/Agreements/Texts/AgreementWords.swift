import JSON
import OpenAPI

/// What is done with an agreement.
enum AgreementForm: String, Words {
    case signature
    case agreement
    case delivery
    case information

    var label: String {
        switch self {
        case .signature: "Signed"
        case .agreement: "Read and agreed to"
        case .delivery: "Handed over"
        case .information: "Given, and nothing is owed"
        }
    }
}

/// Who must sign an agreement.
enum Signers: String, Words {
    case oneself
    case pupil
    case parent
    case pupilAndParent = "pupil_and_parent"

    var label: String {
        switch self {
        case .oneself: "The person"
        case .pupil: "The pupil"
        case .parent: "A parent or carer"
        case .pupilAndParent: "The pupil and a parent or carer"
        }
    }

    /// The parts of which each is signed by somebody.
    var parts: [AgreementPart] {
        switch self {
        case .oneself: [.oneself]
        case .pupil: [.pupil]
        case .parent: [.parent]
        case .pupilAndParent: [.pupil, .parent]
        }
    }
}

/// As what somebody signs.
enum AgreementPart: String, Words {
    case oneself
    case pupil
    case parent

    var label: String {
        switch self {
        case .oneself: "For oneself"
        case .pupil: "As the pupil"
        case .parent: "As a parent or carer"
        }
    }
}

/// What a signer writes beside the full name and the date.
enum SignatureField: String, Words {
    case jobTitle = "job_title"
    case className = "class_name"

    var label: String {
        switch self {
        case .jobTitle: "Job title or role"
        case .className: "Class"
        }
    }
}

/// For whom a variant of the rules is.
enum VariantKind: String, Words {
    case plainWords = "plain_words"
    case differentiated

    var label: String {
        switch self {
        case .plainWords: "Plain words, with signs"
        case .differentiated: "For vulnerable learners"
        }
    }
}

/// Where a version of an agreement stands (24.2).
enum AgreementVersionState: String, Words {
    case draft
    case approved
    case published
    case superseded
    case withdrawn

    var label: String {
        switch self {
        case .draft: "Draft"
        case .approved: "Approved"
        case .published: "Published"
        case .superseded: "Superseded by the next"
        case .withdrawn: "Withdrawn"
        }
    }
}
