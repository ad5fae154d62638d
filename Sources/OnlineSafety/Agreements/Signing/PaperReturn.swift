import Bytes
import HTTP
import JSON
import OpenAPI

/// A form that came back on paper, as somebody of the office types it in.
struct PaperReturn: Codable {
    let agreementID: ID<Agreement>?
    let personID: ID<Person>?
    let templateID: ID<AgreementTemplate>?
    let part: AgreementPart?
    let signerID: ID<Person>?
    let fullName: Text<200>
    let jobTitle: Text<200>?
    let className: Text<60>?
    let attestations: Few<ClauseCode, 20>?
    let signedOn: Day?
    let keptAt: Text<300>?

    enum CodingKeys: String, FieldWords {
        case part, attestations
        case agreementID = "agreement_id"
        case personID = "person_id"
        case templateID = "template_id"
        case signerID = "signer_id"
        case fullName = "full_name"
        case jobTitle = "job_title"
        case className = "class_name"
        case signedOn = "signed_on"
        case keptAt = "kept_at"

        var words: String {
            switch self {
            case .agreementID: "The agreement; or else the person and the template."
            case .personID: "Before whom it was put; of a pupil's agreement the pupil."
            case .templateID:
                "The template, of which the version in force is issued where it was not yet."
            case .keptAt: "Where the paper lies, where it is not with the others."
            default: SignatureSaid.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }

    /// As the signature that it is.
    func signature(keptAt place: Text<300>?) -> SignatureSaid {
        SignatureSaid(
            part: part, signerID: signerID, fullName: fullName, jobTitle: jobTitle,
            className: className, attestations: attestations, how: .paper, signedOn: signedOn,
            keptAt: keptAt ?? place, exceptions: nil)
    }

    /// Many of them.
    struct Pile: Body {
        let keptAt: Text<300>?
        let rows: Few<PaperReturn, 200>

        static let schemaName = "PaperReturns"
        static let words = "Forms that came back on paper, at most 200 at once (AGR-07)."
        static var example: Pile {
            Pile(
                keptAt: "Office, blue folder",
                rows: [
                    PaperReturn(
                        agreementID: .example, personID: nil, templateID: nil, part: nil,
                        signerID: nil, fullName: "Grace Okafor", jobTitle: "Teacher",
                        className: nil, attestations: ["policy_read", "data_policy_read"],
                        signedOn: nil, keptAt: nil)
                ])
        }

        enum CodingKeys: String, FieldWords {
            case rows
            case keptAt = "kept_at"

            var words: String {
                switch self {
                case .keptAt: "Where the papers lie, where a row says nothing else."
                case .rows: "The forms, each by itself."
                }
            }
        }

        var faults: [JSONFault] {
            rows.elements.isEmpty
                ? [JSONFault(pointer: "/rows", code: "required", detail: "Give at least one")] : []
        }
    }
}

/// The forms of a pile, each of which is read by itself: what cannot be read keeps none of the
/// others back.
struct PaperReturnRows: Argument {
    let keptAt: Text<300>?

    /// Each form, or all that is wrong with it.
    let rows: [Result<PaperReturn, JSONFaults>]

    static func take(from call: inout Call) throws -> PaperReturnRows {
        let sent = try PaperReturn.Pile.json(of: call).0
        guard case .object(let object) = sent, case .array(let forms)? = object["rows"],
            (1...200).contains(forms.count)
        else {
            // Not the shape of a pile: whatever is wrong is told as of any other body.
            _ = try PaperReturn.Pile.read((sent, []))
            throw Problem(.validationFailed)
        }
        let rows = forms.map { form in
            Result { () throws(JSONFaults) in try JSON.decode(PaperReturn.self, from: form) }
        }
        guard let readable = rows.firstIndex(where: { (try? $0.get()) != nil }) else {
            _ = try PaperReturn.Pile.read((sent, []))
            throw Problem(.validationFailed)
        }
        let shell = JSONObject(
            object.members.map {
                $0.name == "rows" ? .init("rows", .array([forms[readable]])) : $0
            })
        let pile = try PaperReturn.Pile.read((.object(shell), []))
        return PaperReturnRows(keptAt: pile.keptAt, rows: rows)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takes(PaperReturn.Pile.self)
    }
}

/// What became of each form, in the order in which they were sent.
struct PaperReturnsEntered: Resource {
    let entered: Int
    let refused: Int
    let rows: [Row]

    static let isTagged = false
    static let words = "What became of each form: those that are refused changed nothing."
    static var example: PaperReturnsEntered {
        PaperReturnsEntered(
            entered: 1, refused: 0,
            rows: [Row(status: 201, agreementID: .example, code: nil, errors: nil)])
    }

    enum CodingKeys: String, FieldWords {
        case entered, refused, rows

        var words: String {
            switch self {
            case .entered: "How many were entered."
            case .refused: "How many were not."
            case .rows: "Each, in the order in which they were sent."
            }
        }
    }

    /// What became of one.
    struct Row: Codable, Exemplary {
        let status: Int
        let agreementID: ID<Agreement>?
        let code: String?
        let errors: [Fault]?

        static var example: Row { Row(status: 201, agreementID: .example, code: nil, errors: nil) }

        enum CodingKeys: String, FieldWords {
            case status, code, errors
            case agreementID = "agreement_id"

            var words: String {
                switch self {
                case .status: "201, or what it would have been answered by itself."
                case .agreementID: "The agreement that was signed."
                case .code: "Why it was refused."
                case .errors: "Each thing that is wrong with it."
                }
            }
        }
    }

    /// One thing that is wrong with a row.
    struct Fault: Codable, Exemplary {
        let pointer: String
        let code: String
        let detail: String

        static var example: Fault {
            Fault(
                pointer: "/rows/0/attestations", code: "unconfirmed", detail: "Confirm policy_read")
        }

        enum CodingKeys: String, FieldWords {
            case pointer, code, detail

            var words: String {
                switch self {
                case .pointer: "Where in what was sent."
                case .code: "What is wrong, as a code."
                case .detail: "What is wanted."
                }
            }
        }
    }
}

/// 201 where all were entered, 207 where some were not.
struct PaperReturnsAnswer: Reply {
    let entered: PaperReturnsEntered

    var status: Status { entered.refused > 0 ? .multiStatus : .created }

    func write(to output: inout ByteBuffer, _ call: Call) {
        output.append(JSON.string(of: entered))
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, PaperReturnsEntered.self)
        operation.answersToo(.multiStatus, PaperReturnsEntered.self)
    }
}
