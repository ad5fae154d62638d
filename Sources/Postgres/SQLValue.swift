import FoundationEssentials

/// A value that can be sent to PostgreSQL, by itself or in an array.
package protocol SQLValue {
    /// Appends exactly one value.
    func bind(to parameters: inout Parameters)

    /// Appends exactly one value that holds all of these; an array, unless the type knows better.
    static func bind(_ values: [Self], to parameters: inout Parameters)
}

extension SQLValue {
    package static func bind(_ values: [Self], to parameters: inout Parameters) {
        parameters.appendArray { elements in
            for value in values { value.bind(to: &elements) }
        }
    }
}

extension Array: SQLValue where Element: SQLValue {
    package func bind(to parameters: inout Parameters) {
        Element.bind(self, to: &parameters)
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    package func bind(to parameters: inout Parameters) {
        if let self { self.bind(to: &parameters) } else { parameters.appendNull() }
    }
}

extension RawRepresentable where Self: SQLValue, RawValue: SQLValue {
    package func bind(to parameters: inout Parameters) { rawValue.bind(to: &parameters) }
}

extension String: SQLValue {
    package func bind(to parameters: inout Parameters) { parameters.append(text: self) }
}

extension Int: SQLValue {
    package func bind(to parameters: inout Parameters) { parameters.append(text: String(self)) }

    package static func bind(_ values: [Int], to parameters: inout Parameters) {
        parameters.append(integers: values)
    }
}

extension Int32: SQLValue {
    package func bind(to parameters: inout Parameters) { Int(self).bind(to: &parameters) }

    package static func bind(_ values: [Int32], to parameters: inout Parameters) {
        parameters.append(integers: values.lazy.map { Int($0) })
    }
}

extension Double: SQLValue {
    package func bind(to parameters: inout Parameters) { parameters.append(text: description) }
}

extension Bool: SQLValue {
    package func bind(to parameters: inout Parameters) {
        parameters.append(text: self ? "true" : "false")
    }
}

extension UUID: SQLValue {
    package func bind(to parameters: inout Parameters) { parameters.append(uuid: self) }

    package static func bind(_ values: [UUID], to parameters: inout Parameters) {
        parameters.append(uuids: values)
    }
}

/// Bytes are a `bytea`.
extension UInt8: SQLValue {
    package func bind(to parameters: inout Parameters) { Int(self).bind(to: &parameters) }

    package static func bind(_ values: [UInt8], to parameters: inout Parameters) {
        parameters.append(bytes: values)
    }
}
