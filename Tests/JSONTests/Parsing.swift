import JSON

/// What is read from a text, or from bytes that need not be text.
func parse(
    _ text: String, limits: JSONLimits = .init()
) throws(JSONSyntaxError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
}

func parse(
    _ bytes: [UInt8], limits: JSONLimits = .init()
) throws(JSONSyntaxError) -> JSONValue {
    let result = bytes.withUnsafeBytes { bytes in
        Result { () throws(JSONSyntaxError) in try JSON.parse(bytes, limits: limits) }
    }
    return try result.get()
}

/// Why a text is refused; nil where it is read.
func code(_ text: String, limits: JSONLimits = .init()) -> JSONSyntaxError.Code? {
    do throws(JSONSyntaxError) {
        _ = try parse(text, limits: limits)
        return nil
    } catch {
        return error.code
    }
}

func text(of value: some Encodable, layout: JSONLayout = .compact) throws -> String {
    String(decoding: try JSON.bytes(of: value, layout: layout), as: UTF8.self)
}

func faults<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> [JSONFault] {
    let value = try parse(text)
    do throws(JSONFaults) {
        _ = try JSON.decode(type, from: value)
        return []
    } catch {
        return error.faults
    }
}
