import Bytes
import HTTP
import JSON
import OpenAPI

/// What became of each row of a batch.
struct DeviceBatch: Resource {
    let schoolID: ID<School>
    let added: Int
    let changed: Int
    let unchanged: Int
    let refused: Int
    let rows: [Row]

    static let isTagged = false
    static let words = "What became of each row: those that are refused changed nothing."
    static var example: DeviceBatch {
        DeviceBatch(
            schoolID: .example, added: 1, changed: 0, unchanged: 0, refused: 0, rows: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case added, changed, unchanged, refused, rows
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .added: "Devices that are new to the register."
            case .changed: "Devices of which something was not known."
            case .unchanged: "Devices of which nothing new is told."
            case .refused: "Rows that were refused."
            case .rows: "Each row, in its order."
            }
        }
    }

    /// What became of one.
    struct Row: Codable, Exemplary {
        let row: Int
        let outcome: Outcome
        let deviceID: ID<Device>?
        let errors: [Wrong]?

        static var example: Row {
            Row(row: 2, outcome: .added, deviceID: .example, errors: nil)
        }

        enum CodingKeys: String, FieldWords {
            case row, outcome, errors
            case deviceID = "device_id"

            var words: String {
                switch self {
                case .row: "Which row: in JSON the first is 1, in a table the line of the heads."
                case .outcome: "What became of it."
                case .deviceID: "Which device it is."
                case .errors: "Each thing that is wrong with it."
                }
            }
        }
    }

    /// Something that is wrong with a row.
    struct Wrong: Codable, Exemplary {
        let pointer: String
        let code: String
        let detail: String

        static var example: Wrong {
            Wrong(pointer: "/tag", code: "tag_taken", detail: "Another device has this tag")
        }

        enum CodingKeys: String, FieldWords {
            case pointer, code, detail

            var words: String {
                switch self {
                case .pointer: "Which field of the row."
                case .code: "What it is, by a code that never changes its meaning."
                case .detail: "The same in a sentence."
                }
            }
        }
    }

    enum Outcome: String, Words {
        case added, changed, unchanged, refused

        var label: String {
            switch self {
            case .added: "It is new to the register"
            case .changed: "What was not known of it is known now"
            case .unchanged: "Nothing new is told of it"
            case .refused: "It was refused"
            }
        }
    }
}

/// 201 where all rows were taken, 207 where some were refused.
struct DeviceBatchAnswer: Reply {
    let told: DeviceBatch

    var status: Status { told.refused > 0 ? .multiStatus : .created }

    func write(to output: inout ByteBuffer, _ call: Call) { output.append(JSON.string(of: told)) }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, DeviceBatch.self)
        operation.answersToo(.multiStatus, DeviceBatch.self)
    }
}
