/// Text compared and hashed by its bytes: to Swift's `String`, "é" in one and in two scalars is
/// equal.
struct JSONName: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: JSONName, right: JSONName) -> Bool {
        // Most differ in length, which costs nothing to see.
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in right.withUTF8 { left.elementsEqual($0) } }
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// The names of one object: where each stands, found in the same time however many there are.
struct JSONNames {
    /// Up to so many names, looking at each in turn is quicker than a table.
    private static let few = 12

    private var names: [JSONName] = []
    private var positions: [JSONName: Int] = [:]

    init() {}

    init(of object: JSONObject) {
        for member in object.members { _ = insert(member.name) }
    }

    /// Whether the name was new.
    mutating func insert(_ text: String) -> Bool {
        guard position(of: text) == nil else { return false }
        names.append(JSONName(text))
        if names.count > Self.few {
            for position in positions.count..<names.count { positions[names[position]] = position }
        }
        return true
    }

    func position(of text: String) -> Int? {
        let name = JSONName(text)
        return names.count > Self.few ? positions[name] : names.firstIndex(of: name)
    }
}
