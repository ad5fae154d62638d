import Bytes
import HTTP
import JSON

/// Why a request was refused, in words for the person who made it (RFC 9457).
package struct Problem: Error {
    package let code: Code
    var detail: String?
    var faults: [Fault] = []

    /// Seconds after which it is worth asking again.
    var retryAfter: Int?

    /// What the limit is that stands against it.
    var rateLimit: RateLimit?

    /// What would have been let in (RFC 9110, 11.6.1).
    var challenges: [String] = []

    /// The methods that this address does answer.
    var allow: String?

    package init(_ code: Code, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
        if code.status == .unavailable || Self.passing.contains(code) {
            retryAfter = 1
        }
    }

    /// Those that pass by themselves, though it is not the service that is at fault.
    private static let passing: [Code] = [.requestInFlight, .tooManyRequests]

    /// Every fault of a body, each by its JSON Pointer.
    init(_ faults: [JSONFault]) {
        self.init(
            .validationFailed,
            "\(faults.count) \(faults.count == 1 ? "field needs" : "fields need") attention")
        self.faults = faults.map { Fault(pointer: $0.pointer, code: $0.code, detail: $0.detail) }
    }

    /// Every fault of the query and the headers, each by its name.
    init(parameters faults: [Fault]) {
        self.init(.invalidParameter)
        self.faults = faults
    }
}

/// One thing that is wrong, and where: in the body by `pointer` (RFC 6901), in the query or a
/// header by `parameter`. The value itself is never repeated.
struct Fault: Hashable, Sendable {
    var pointer: String?
    var parameter: String?
    let code: String
    let detail: String
}

extension Problem {
    /// Writes the problem document.
    /// Names what was asked for by its path; where that is a secret, by the pattern of its route.
    func write(
        to output: inout ByteBuffer, about request: Request, _ route: Route?, requestID: String
    ) {
        Self.write(code.rawValue, title: code.title, status: code.status.code, to: &output)
        output.append(",\"detail\":")
        output.appendJSON(detail ?? code.words)
        output.append(",\"instance\":")
        if let route, route.path.contains("{secret}") {
            output.appendJSON(route.path)
        } else {
            output.appendJSON(text: request.path)
        }
        output.append(",\"request_id\":")
        output.appendJSON(requestID)
        if !faults.isEmpty { write(faults, to: &output) }
        output.append("}")
    }

    private func write(_ faults: [Fault], to output: inout ByteBuffer) {
        output.append(",\"errors\":[")
        for (index, fault) in faults.enumerated() {
            if index > 0 { output.append(",") }
            output.append("{\"")
            output.append(fault.pointer == nil ? "parameter\":" : "pointer\":")
            output.appendJSON(fault.pointer ?? fault.parameter ?? "")
            output.append(",\"code\":")
            output.appendJSON(fault.code)
            output.append(",\"detail\":")
            output.appendJSON(fault.detail)
            output.append("}")
        }
        output.append("]")
    }

    /// Writes what the HTTP layer refuses.
    static func write(
        _ fault: HTTP.Fault, _ detail: String? = nil, requestID: String,
        to output: inout ByteBuffer
    ) {
        write(
            fault.code.description, title: "The request was refused", status: fault.status.code,
            to: &output)
        output.append(",\"detail\":")
        output.appendJSON(detail ?? fault.detail.description)
        output.append(",\"request_id\":")
        output.appendJSON(requestID)
        output.append("}")
    }

    private static func write(
        _ code: String, title: String, status: Int, to output: inout ByteBuffer
    ) {
        output.append("{\"type\":\"/problems/")
        output.append(code.replacing("_", with: "-"))
        output.append("\",\"title\":")
        output.appendJSON(title)
        output.append(",\"status\":")
        output.append(status)
        output.append(",\"code\":")
        output.appendJSON(code)
    }
}
