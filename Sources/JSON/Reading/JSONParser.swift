/// Reads one JSON text by descending into it, no deeper than the limit.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    var position = 0
    private var depth = 0

    /// Whether U+FFFD takes the place of what no text may hold, rather than a fault.
    let mends: Bool

    /// Where that was done, and why; kept only while mending.
    var mended: [JSONFault] = []
    private(set) var place = JSONPlace.root

    init(bytes: UnsafeRawBufferPointer, limits: JSONLimits, mends: Bool = false) {
        (self.bytes, self.limits, self.mends) = (bytes, limits, mends)
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw fault(.syntax, "A byte order mark is not allowed")
        }
        skipSpace()
        let value = try value()
        skipSpace()
        guard position == bytes.count else {
            throw fault(.syntax, "Nothing may follow the value")
        }
        return value
    }

    /// The value that begins here; white space has been skipped.
    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch next {
        case "{": .object(try object())
        case "[": .array(try array())
        case "\"": .string(try string())
        case "t": try literal("true", .bool(true))
        case "f": try literal("false", .bool(false))
        case "n": try literal("null", .null)
        case "-"?, ("0"..."9")?: .number(try number())
        case nil: throw fault(.syntax, "The text ends too early")
        default: throw fault(.syntax, "A value is expected here")
        }
    }

    /// One step further into the text.
    private enum Step {
        case member(String)
        case element(Int)
    }

    /// The same, with its place known while that may be asked for.
    private mutating func value(at step: Step) throws(JSONSyntaxError) -> JSONValue {
        guard mends else { return try value() }
        let outer = place
        defer { place = outer }
        switch step {
        case .member(let name): place = .member(of: outer, name)
        case .element(let index): place = .element(of: outer, index)
        }
        return try value()
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        var names = JSONNames()
        if take("}") { return JSONObject() }
        depth += 1
        defer { depth -= 1 }
        repeat {
            guard members.count < limits.members else {
                throw fault(.tooManyMembers, "Give at most \(limits.members) members")
            }
            skipSpace()
            let name = try name(besides: &names)
            try expect(":", "A colon is expected after a name")
            members.append(JSONObject.Member(name, try value(at: .member(name))))
            skipSpace()
        } while take(",")
        guard take("}") else { throw fault(.syntax, "A comma or } is expected here") }
        return JSONObject(members)
    }

    private mutating func name(besides names: inout JSONNames) throws(JSONSyntaxError) -> String {
        guard next == "\"" else { throw fault(.syntax, "A name in quotes is expected here") }
        let start = position
        let name = try string()
        guard name.utf8.count <= limits.nameLength else {
            throw fault(.nameTooLong, "A name has at most \(limits.nameLength) bytes", at: start)
        }
        guard names.insert(name) else {
            throw fault(.duplicateName, "This name is given twice", at: start)
        }
        return name
    }

    private mutating func array() throws(JSONSyntaxError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        if take("]") { return elements }
        depth += 1
        defer { depth -= 1 }
        repeat {
            guard elements.count < limits.elements else {
                throw fault(.tooManyElements, "Give at most \(limits.elements) elements")
            }
            skipSpace()
            elements.append(try value(at: .element(elements.count)))
            skipSpace()
        } while take(",")
        guard take("]") else { throw fault(.syntax, "A comma or ] is expected here") }
        return elements
    }
}

// MARK: Small steps

extension JSONParser {
    /// The next byte as a character; nil at the end. (Nothing of the grammar lies beyond ASCII.)
    var next: Unicode.Scalar? {
        position < bytes.count ? Unicode.Scalar(bytes[position]) : nil
    }

    /// Whether the next byte was this one, and is now behind.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// RFC 8259, section 2: space, tab, line feed, carriage return.
    mutating func skipSpace() {
        while let next, next == " " || next == "\n" || next == "\r" || next == "\t" {
            position += 1
        }
    }

    private mutating func expect(
        _ scalar: Unicode.Scalar, _ detail: String
    ) throws(JSONSyntaxError) {
        skipSpace()
        guard take(scalar) else { throw fault(.syntax, detail) }
        skipSpace()
    }

    private mutating func literal(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: letters) else {
            throw fault(.syntax, "A value is expected here")
        }
        position += letters.count
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        guard depth < limits.depth else {
            throw fault(.tooDeep, "Nest at most \(limits.depth) levels")
        }
        position += 1
        skipSpace()
    }

    func fault(
        _ code: JSONSyntaxError.Code, _ detail: String, at offset: Int? = nil
    ) -> JSONSyntaxError {
        JSONSyntaxError(code: code, offset: offset ?? position, detail: detail)
    }
}
