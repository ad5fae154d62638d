import Bytes
import HTTP
import JSON
import OpenAPI

/// Many tasks of one school that were done.
struct AccessTaskPile: Body {
    let schoolID: ID<School>?
    let taskIDs: Few<ID<AccessTask>, 200>
    let outcome: AccessTaskOutcome?
    let note: Text<1000>?

    static let words = "Many tasks of one school that were done. No password belongs in it."
    static var example: AccessTaskPile {
        AccessTaskPile(schoolID: nil, taskIDs: [.example], outcome: nil, note: nil)
    }

    enum CodingKeys: String, FieldWords {
        case outcome, note
        case schoolID = "school_id"
        case taskIDs = "task_ids"

        var words: String {
            switch self {
            case .schoolID: "The school; needed where the caller writes for several."
            case .taskIDs: "The tasks, each once."
            case .outcome: "What was done with each; what each task wants, when not given."
            case .note: "What ought to be known of each; needed where they were not needed."
            }
        }
    }

    var faults: [JSONFault] {
        let ids = taskIDs.elements
        var faults =
            ids.isEmpty
            ? [JSONFault(pointer: "/task_ids", code: "required", detail: "Name at least one")] : []
        for place in ids.indices where ids[..<place].contains(ids[place]) {
            faults.append(
                JSONFault(
                    pointer: "/task_ids/\(place)", code: "repeated", detail: "Name each once"))
        }
        return faults
    }

    /// What is said of each.
    var completion: AccessTask.Completion { AccessTask.Completion(outcome: outcome, note: note) }
}

/// What became of each task, in the order in which they were named.
struct AccessTasksCompleted: Resource {
    let schoolID: ID<School>
    let completed: Int
    let refused: Int
    let rows: [Row]

    static let isTagged = false
    static let words = "What became of each task: those that are refused changed nothing."
    static var example: AccessTasksCompleted {
        AccessTasksCompleted(
            schoolID: .example, completed: 1, refused: 0,
            rows: [Row(taskID: .example, status: 201, code: nil, errors: nil)])
    }

    enum CodingKeys: String, FieldWords {
        case completed, refused, rows
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .completed: "How many were completed."
            case .refused: "How many were not."
            case .rows: "Each, in the order in which they were named."
            }
        }
    }

    /// What became of one.
    struct Row: Codable, Exemplary {
        let taskID: ID<AccessTask>
        let status: Int
        let code: String?
        let errors: [Wrong]?

        static var example: Row {
            Row(taskID: .example, status: 409, code: "conflict", errors: [.example])
        }

        enum CodingKeys: String, FieldWords {
            case status, code, errors
            case taskID = "task_id"

            var words: String {
                switch self {
                case .taskID: "The task."
                case .status: "201, or what it would have been answered by itself."
                case .code: "Why it was refused."
                case .errors: "Each thing that stands against it."
                }
            }
        }
    }

    /// Something that stands against a task's completion.
    struct Wrong: Codable, Exemplary {
        let pointer: String?
        let code: String
        let detail: String

        static var example: Wrong {
            Wrong(pointer: nil, code: "agreement_unsigned", detail: "An agreement is not signed")
        }

        enum CodingKeys: String, FieldWords {
            case pointer, code, detail

            var words: String {
                switch self {
                case .pointer: "Where in what was sent, if it is there (RFC 6901)."
                case .code: "What it is, by a code that never changes its meaning."
                case .detail: "The same in a sentence."
                }
            }
        }
    }
}

extension AccessTasksCompleted.Row {
    /// What stands against a task.
    init(_ id: ID<AccessTask>, _ problem: Problem) {
        let faults = problem.faults.map { fault in
            AccessTasksCompleted.Wrong(
                pointer: fault.pointer.flatMap { $0.isEmpty ? nil : $0 }, code: fault.code,
                detail: fault.detail)
        }
        self.init(
            taskID: id, status: Int(problem.code.status.code), code: problem.code.rawValue,
            errors: faults.isEmpty ? nil : faults)
    }
}

/// 201 where all were completed, 207 where some were not.
struct AccessTasksAnswer: Reply {
    let told: AccessTasksCompleted

    var status: Status { told.refused > 0 ? .multiStatus : .created }

    func write(to output: inout ByteBuffer, _ call: Call) { output.append(JSON.string(of: told)) }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, AccessTasksCompleted.self)
        operation.answersToo(.multiStatus, AccessTasksCompleted.self)
    }
}
