import Bytes
import HTTP
import JSON
import OpenAPI
import Postgres

/// Many forms that came back, each of which is read by itself, so that one that cannot be kept
/// keeps none of the others back.
struct ConsentBatch: Body {
    let schoolID: ID<School>?
    let consents: Few<Consent.Said, 500>

    static let words = "Forms that came back: each is kept, or what is wrong with it is told."
    static var example: ConsentBatch { ConsentBatch(schoolID: nil, consents: [.example]) }

    enum CodingKeys: String, FieldWords {
        case consents
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school; needed where the caller writes for several."
            case .consents: "At most 500, in the order in which they came."
            }
        }
    }
}

/// The forms of a batch as they were read.
struct ConsentRows: Argument {
    let school: ID<School>?

    /// Each form, or all that is wrong with it.
    let rows: [Result<Consent.Said, JSONFaults>]

    static func take(from call: inout Call) throws -> ConsentRows {
        let sent = try ConsentBatch.json(of: call).0
        guard case .object(let object) = sent, case .array(let forms)? = object["consents"],
            forms.count <= 500
        else {
            // Not the shape of a batch: whatever is wrong is told as of any other body.
            _ = try ConsentBatch.read((sent, []))
            throw Problem(.validationFailed)
        }
        let shell = JSONObject(
            object.members.map {
                $0.name == "consents" ? .init("consents", .array([])) : $0
            })
        return ConsentRows(
            school: try ConsentBatch.read((.object(shell), [])).schoolID, rows: forms.map(read))
    }

    private static func read(_ form: JSONValue) -> Result<Consent.Said, JSONFaults> {
        do throws(JSONFaults) {
            let said = try JSON.decode(Consent.Said.self, from: form)
            return said.faults.isEmpty ? .success(said) : .failure(JSONFaults(faults: said.faults))
        } catch {
            return .failure(error)
        }
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takes(ConsentBatch.self)
    }
}

/// What became of each form of a batch.
struct ConsentsRecorded: Resource {
    let schoolID: ID<School>
    let recorded: Int
    let refused: Int
    let rows: [Row]

    static let isTagged = false
    static let words = "What became of each form of a batch, in the order in which they came."
    static var example: ConsentsRecorded {
        ConsentsRecorded(schoolID: .example, recorded: 1, refused: 1, rows: [.example, .refusal])
    }

    enum CodingKeys: String, FieldWords {
        case recorded, refused, rows
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .recorded: "How many were kept."
            case .refused: "How many were not."
            case .rows: "Each of them."
            }
        }
    }

    /// What became of one form.
    struct Row: Codable, Exemplary {
        let row: Int
        let status: Int
        let id: ID<Consent>?
        let errors: [Wrong]?

        static var example: Row { Row(row: 0, status: 201, id: .example, errors: nil) }
        static var refusal: Row { Row(row: 1, status: 422, id: nil, errors: [.example]) }

        enum CodingKeys: String, FieldWords {
            case row, status, id, errors

            var words: String {
                switch self {
                case .row: "Its place in the batch, from 0 on."
                case .status: "201 where it was kept, 422 where it was not."
                case .id: "What was kept."
                case .errors: "What is wrong with it."
                }
            }
        }
    }

    /// Something that is wrong with a form.
    struct Wrong: Codable, Exemplary {
        let pointer: String
        let code: String
        let detail: String

        static var example: Wrong {
            Wrong(
                pointer: "/given_by_id", code: "may_not_consent",
                detail: "Name a parent with parental responsibility")
        }

        enum CodingKeys: String, FieldWords {
            case pointer, code, detail

            var words: String {
                switch self {
                case .pointer: "Where, within the form (RFC 6901)."
                case .code: "What it is, by a code that never changes its meaning."
                case .detail: "The same in a sentence."
                }
            }
        }
    }
}

/// `201` where all were kept, else `207`.
struct ConsentsAnswer: Reply {
    let told: ConsentsRecorded

    var status: Status { told.refused > 0 ? .multiStatus : .created }

    func write(to output: inout ByteBuffer, _ call: Call) { output.append(JSON.string(of: told)) }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, ConsentsRecorded.self)
        operation.answersToo(.multiStatus, ConsentsRecorded.self)
    }
}

extension RecordingConsents {
    static let batches: [Route] = [
        .post(
            "/v1/consent-batches", "Record a batch of consents",
            """
            By the office or a DSL: the forms of a class, as they came back. Each is kept by \
            itself; of those that are not, the answer (207) says what is wrong.
            """,
            for: Consents.keepers.admitted(.consentsOfSchool), by(recordMany)
        ).takingBodies(upTo: 2 << 20)
    ]

    static func recordMany(
        _ batch: ConsentRows, within reach: Reach, in tx: Transaction
    ) async throws -> ConsentsAnswer {
        let school = try reach.school(batch.school, .consentsOfSchool)
        var faults: [Int: [JSONFault]] = [:]
        var forms: [(place: Int, form: ConsentForm)] = []
        for (place, row) in batch.rows.enumerated() {
            switch row {
            case .success(let said): forms.append((place, said.completed(.paper)))
            case .failure(let wrong): faults[place] = wrong.faults
            }
        }
        let found = try await tx.run(keeping(forms.map(\.form), at: school, reach))
        for row in 0..<found.count {
            guard let place = found.int(row, "place") else { continue }
            faults[forms[place].place, default: []].append(ConsentFault.fault(found, row))
        }
        let ids = Dictionary(uniqueKeysWithValues: forms.map { ($0.place, $0.form.id) })
        let rows = batch.rows.indices.map { ConsentsRecorded.Row($0, ids[$0], faults[$0]) }
        return ConsentsAnswer(
            told: ConsentsRecorded(
                schoolID: school, recorded: rows.count - faults.count, refused: faults.count,
                rows: rows))
    }
}

extension ConsentsRecorded.Row {
    fileprivate init(_ place: Int, _ kept: ID<Consent>?, _ faults: [JSONFault]?) {
        self.init(
            row: place, status: faults == nil ? 201 : 422, id: faults == nil ? kept : nil,
            errors: faults?.map {
                .init(pointer: $0.pointer, code: $0.code, detail: $0.detail)
            })
    }
}
