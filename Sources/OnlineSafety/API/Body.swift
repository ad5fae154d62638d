import HTTP
import JSON
import OpenAPI

/// A JSON request body. Every fault in it is answered at once.
protocol Body: Argument, Codable, Exemplary, Named {
    /// What it is, in one sentence.
    static var words: String { get }

    /// The fields without which the request is refused. `nil`: every fault refuses it. Otherwise
    /// the other faults are set aside, and the handler tells of them in warnings: a report never
    /// bounces.
    static var essentials: [String]? { get }

    /// Whether U+FFFD takes the place of what no text can hold: where nothing may bounce.
    static var isMended: Bool { get }

    /// Takes what no text of the body may hold out of it, before it is read.
    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside])

    /// Learns what was set aside.
    mutating func setAside(_ parts: [SetAside])

    /// What is wrong with its fields together, each of which is right by itself.
    var faults: [JSONFault] { get }
}

extension Body {
    static var schemaWords: String? { words }
    static var essentials: [String]? { nil }
    static var isMended: Bool { false }
    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) { (value, []) }
    mutating func setAside(_ parts: [SetAside]) {}
    var faults: [JSONFault] { [] }

    static func take(from call: inout Call) throws -> Self {
        try read(json(of: call))
    }

    /// What was sent, as JSON that says nothing yet; with what had to be mended of it.
    static func json(of call: Call) throws(Problem) -> (JSONValue, [SetAside]) {
        try call.requireJSON()
        do throws(JSONSyntaxError) {
            return (try JSON.parse(call.request.body), [])
        } catch {
            guard error.code == .nul || error.code == .loneSurrogate,
                let (value, faults) = try? JSON.mend(call.request.body)
            else { throw malformed(error) }
            if isMended { return (value, faults.map(\.mended)) }
            // U+0000 is well-formed JSON that no field can hold; anything else is not JSON.
            guard error.code == .nul else { throw malformed(error) }
            throw Problem(faults.filter { $0.code == error.code.rawValue })
        }
    }

    private static func malformed(_ error: JSONSyntaxError) -> Problem {
        var problem = Problem(.malformedJSON)
        problem.faults = [
            Fault(
                pointer: "", code: error.code.rawValue,
                detail: "\(error.detail) (at byte \(error.offset))")
        ]
        return problem
    }

    static func read(_ sent: (JSONValue, [SetAside])) throws(Problem) -> Self {
        let (whole, cut) = cleanse(sent.0)
        var (value, aside) = try readable(whole)
        guard essentials != nil else {
            let faults = value.faults + cut.map(\.fault)
            guard faults.isEmpty else { throw Problem(faults) }
            return value
        }
        value.setAside(sent.1 + cut + aside)
        return value
    }

    private static func readable(_ whole: JSONValue) throws(Problem) -> (Self, [SetAside]) {
        do throws(JSONFaults) {
            return (try JSON.decode(Self.self, from: whole), [])
        } catch {
            guard let essentials else { throw Problem(error.faults) }
            return try SetAside.read(whole, error.faults, keeping: essentials)
        }
    }

    static func describe(_ operation: inout OperationWords) { operation.takes(Self.self) }
}

extension JSONFault {
    /// As a warning, where what it is about was replaced.
    fileprivate var mended: SetAside {
        SetAside(pointer: pointer, code: code, detail: "\(detail): U+FFFD stands there", value: nil)
    }
}

extension Call {
    /// 415 for anything but JSON: no file of any kind is taken (INC-06, API-10).
    fileprivate func requireJSON() throws(Problem) {
        guard sendsJSON else { throw Problem(.unsupportedMediaType) }
    }

    /// Whether a body is said to be JSON, uncompressed.
    var sendsJSON: Bool {
        guard let type = request["content-type"] else { return false }
        return MediaType(type).isJSON && request["content-encoding"] == nil
    }
}
