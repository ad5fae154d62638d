import Bytes

/// How JSON looks: nothing but the value, or a line for each member and two spaces a level.
package enum JSONLayout: Sendable {
    case compact
    case pretty
}

/// Writes values into a buffer as they come, and closes what was opened when something else comes.
///
/// Codable has no word for "this container is finished"; a container is when its parent goes on.
final class JSONWriter {
    var buffer = ByteBuffer()
    private let layout: JSONLayout
    private var open: [Container] = []

    private struct Container {
        let isObject: Bool
        var count = 0
    }

    init(layout: JSONLayout) { self.layout = layout }

    /// How many containers are open.
    var level: Int { open.count }

    /// Writes one whole value, and an empty object for one that writes nothing.
    func write(_ value: some Encodable) throws {
        let (level, start) = (level, buffer.count)
        try value.encode(to: JSONEncoding(writer: self, level: level))
        if buffer.count == start { begin(isObject: true, at: level) }
        close(downTo: level)
    }

    /// Opens an object or array at that level, unless the same value has opened it before.
    func begin(isObject: Bool, at level: Int) {
        guard open.count == level else { return close(downTo: level + 1) }
        buffer.append(UInt8(ascii: isObject ? "{" : "["))
        open.append(Container(isObject: isObject))
    }

    /// Goes on to the next element of the container at that level.
    func element(at level: Int) {
        close(downTo: level)
        if open[level - 1].count > 0 { buffer.append(UInt8(ascii: ",")) }
        breakLine(level)
        open[level - 1].count += 1
    }

    /// Goes on to the member of that name of the object at that level.
    func member(_ name: String, at level: Int) {
        element(at: level)
        buffer.appendJSON(name)
        buffer.append(UInt8(ascii: ":"))
        if layout == .pretty { buffer.append(UInt8(ascii: " ")) }
    }

    func count(at level: Int) -> Int { open[level - 1].count }

    private func close(downTo level: Int) {
        while open.count > level {
            let container = open.removeLast()
            if container.count > 0 { breakLine(open.count) }
            buffer.append(UInt8(ascii: container.isObject ? "}" : "]"))
        }
    }

    private func breakLine(_ level: Int) {
        guard layout == .pretty else { return }
        buffer.append(UInt8(ascii: "\n"))
        for _ in 0..<level { buffer.append("  " as StaticString) }
    }
}

extension JSONWriter {
    func write(json value: JSONValue) {
        switch value {
        case .null: buffer.append("null" as StaticString)
        case .bool(let bool): write(bool)
        case .number(let number): buffer.append(number.text)
        case .string(let text): buffer.appendJSON(text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    func write(_ bool: Bool) { buffer.append(bool ? "true" : "false" as StaticString) }

    private func write(_ elements: [JSONValue]) {
        begin(isObject: false, at: level)
        let level = level
        for value in elements {
            element(at: level)
            write(json: value)
        }
        close(downTo: level - 1)
    }

    private func write(_ object: JSONObject) {
        begin(isObject: true, at: level)
        let level = level
        for entry in object.members {
            member(entry.name, at: level)
            write(json: entry.value)
        }
        close(downTo: level - 1)
    }
}
