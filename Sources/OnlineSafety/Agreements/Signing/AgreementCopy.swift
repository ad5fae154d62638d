import JSON
import OpenAPI

/// The exact words that were put before somebody, which stay as they were (AGR-19).
struct AgreementCopy: Resource {
    let id: ID<Agreement>
    let schoolID: ID<School>
    let title: String
    let number: Int
    let words: String
    let sha256: String
    let issuedOn: Day
    let signatures: [Signature]

    static let isTagged = false
    static let words = "The exact words that were put before somebody, with who signed them."
    static var example: AgreementCopy {
        AgreementCopy(
            id: .example, schoolID: .example, title: "Acceptable use by staff", number: 2,
            words: "Acceptable use by staff\n\nPasswords\n1. I use my own log-in.",
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            issuedOn: .example, signatures: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, title, number, words, sha256, signatures
        case schoolID = "school_id"
        case issuedOn = "issued_on"

        var words: String {
            switch self {
            case .id: "The agreement."
            case .schoolID: "The school."
            case .title: "Its title."
            case .number: "The number of the version."
            case .words: "What was signed, with the names filled in."
            case .sha256: "The SHA-256 of `words` in UTF-8, in hexadecimal."
            case .issuedOn: "On which day it was put before them."
            case .signatures: "Who signed it."
            }
        }
    }
}
