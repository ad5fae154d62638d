import Bytes
import JSON

/// A part of a body that could not be read, and was put beside it rather than lost: where it stood,
/// what was wrong, and what it said.
struct SetAside: Codable, Hashable, Sendable {
    let pointer: String
    let code: String
    let detail: String

    /// The JSON as it was sent, at most 2,000 characters of it; nothing where it may not be kept.
    let value: String?

    /// The same as a fault, where nothing is set aside.
    var fault: JSONFault { JSONFault(pointer: pointer, code: code, detail: detail) }

    /// Reads a part of a body that has no essential fields. Throws where it is something else
    /// altogether.
    static func read<Value: Decodable>(_ part: JSONValue) throws(Problem) -> (Value, [SetAside]) {
        do throws(JSONFaults) {
            return (try JSON.decode(Value.self, from: part), [])
        } catch {
            return try read(part, error.faults, keeping: [])
        }
    }

    /// Reads a body without its faulty parts. Throws when an essential field is among them, or when
    /// taking parts out does not make it readable.
    static func read<Value: Decodable>(
        _ whole: JSONValue, _ faults: [JSONFault], keeping essentials: [String]
    ) throws(Problem) -> (Value, [SetAside]) {
        var (rest, faults, aside) = (whole, faults, [SetAside]())
        // Each turn takes at least one part out; the bound is against a mistake here.
        for _ in 0..<32 {
            let grave = faults.filter { fault in
                fault.pointer.isEmpty || essentials.contains { fault.pointer == "/\($0)" }
            }
            guard grave.isEmpty else { throw Problem(grave) }
            var taken: [SetAside] = []
            rest = take(faults, out: rest, into: &taken)
            aside += taken.reversed()
            do throws(JSONFaults) {
                let value = try JSON.decode(Value.self, from: rest)
                return (value, aside)
            } catch {
                faults = error.faults
            }
        }
        throw Problem(faults)
    }

    /// Takes out the parts that the faults name. The last one first, so that the places of those
    /// before it in an array stay true; nothing twice.
    private static func take(
        _ faults: [JSONFault], out whole: JSONValue, into aside: inout [SetAside]
    ) -> JSONValue {
        var (rest, taken) = (whole, [[String]]())
        for fault in faults.reversed() {
            let path = rest.existing(fault.path)
            guard !path.isEmpty, !taken.contains(where: { fault.stands(at: $0) }),
                let part = rest.part(at: path[...])
            else { continue }
            taken.append(path)
            rest = rest.without(path[...])
            aside.append(
                SetAside(
                    pointer: fault.pointer, code: fault.code, detail: fault.detail,
                    value: part.excerpt))
        }
        return rest
    }
}

extension JSONFault {
    /// The names and indices of the pointer (RFC 6901), read by its bytes: a name may begin with a
    /// mark that to Swift's `Character` is one with the `/` before it.
    fileprivate var path: [String] {
        pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst().map(Self.unescaped)
    }

    private static func unescaped(_ part: Substring.UTF8View) -> String {
        var (name, isEscaped) = ([UInt8](), false)
        for byte in part {
            if isEscaped {
                name.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                isEscaped = false
            } else if byte == UInt8(ascii: "~") {
                isEscaped = true
            } else {
                name.append(byte)
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// Whether it is a fault of what the path names, or of a part of it.
    fileprivate func stands(at path: [String]) -> Bool {
        self.path.starts(with: path) { $0.utf8.elementsEqual($1.utf8) }
    }
}

extension JSONValue {
    /// The part that a path names, or the part around it when it is a field that is missing.
    fileprivate func existing(_ path: [String]) -> [String] {
        var path = path
        while !path.isEmpty, part(at: path[...]) == nil { path.removeLast() }
        return path
    }

    fileprivate func part(at path: ArraySlice<String>) -> JSONValue? {
        guard let first = path.first else { return self }
        switch self {
        case .object(let object):
            return object[first]?.part(at: path.dropFirst())
        case .array(let elements):
            guard let index = Int(first), elements.indices.contains(index) else { return nil }
            return elements[index].part(at: path.dropFirst())
        default: return nil
        }
    }

    /// Without the part at `path`.
    fileprivate func without(_ path: ArraySlice<String>) -> JSONValue {
        guard let first = path.first else { return .null }
        switch self {
        case .object(var object):
            object[first] = path.count == 1 ? nil : object[first]?.without(path.dropFirst())
            return .object(object)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index) else { return self }
            if path.count == 1 {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].without(path.dropFirst())
            }
            return .array(elements)
        default: return self
        }
    }

    /// As much of it as is kept.
    var excerpt: String {
        String(JSON.string(of: self).unicodeScalars.prefix(2000))
    }
}
