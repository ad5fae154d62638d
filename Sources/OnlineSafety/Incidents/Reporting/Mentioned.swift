import FoundationEssentials
import JSON
import OpenAPI

/// Those whom a report names, at most `limit`, read as far as they can be. Whoever were left out
/// for a faulty field could be told of a report about themselves: so reading never fails, and what
/// it could not take counts for the routing (`Doubts`).
struct Mentioned<Person: Codable & Sendable, let limit: Int>: Codable, Sendable {
    let elements: [Person]
    let doubts: Doubts

    /// For examples and for what was checked already.
    init(_ elements: [Person], _ doubts: Doubts = Doubts()) {
        (self.elements, self.doubts) = (elements, doubts)
    }

    init(from decoder: any Decoder) throws {
        let sent = try JSONValue(from: decoder)
        var (elements, doubts) = ([Person](), Doubts())
        for (index, entry) in doubts.entries(of: sent).enumerated() {
            guard index < limit else {
                doubts.keepFromWhomItMayConcern(entry)
                continue
            }
            let told = doubts.mended(entry, at: index)
            guard let (person, aside): (Person, [SetAside]) = try? SetAside.read(told) else {
                doubts.setAside(entry, at: "/\(index)", "wrong_type", "Give an object with a name")
                doubts.keepFromWhomItMayConcern(entry)
                continue
            }
            elements.append(person)
            doubts.note(aside, of: told, at: index)
        }
        if case .array(let entries) = sent, entries.count > limit {
            doubts.setAside(
                .array(Array(entries[limit...])), at: "", "too_many", "At most \(limit)")
        }
        self.init(elements, doubts)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(elements)
    }
}

extension Mentioned: Exemplary, SchemaProviding, ExpressibleByArrayLiteral {
    static var example: Mentioned { Mentioned([]) }
    static var schema: Schema {
        .list(of: (try? Schema.of(Person.self)) ?? .anything, atMost: limit)
    }

    init(arrayLiteral elements: Person...) { self.init(elements) }
}

/// What could not be read of those whom a report names, and whom it may be about for that.
struct Doubts: Sendable {
    /// So many ids are kept, and so many parts set aside; with more it may be about anybody.
    private static let most = 1000

    /// What could not be taken, with the reasons.
    private(set) var aside: [SetAside] = []

    /// The ids in it. Who of them is on the roster may be whom the report is about.
    private(set) var ids: [ID<Person>] = []

    /// Whether it names somebody of whom nothing could be read: it may be about anybody.
    private(set) var isAboutAnybody = false

    /// One person need not be in a list.
    fileprivate mutating func entries(of sent: JSONValue) -> [JSONValue] {
        if case .array(let entries) = sent { return entries }
        setAside(sent, at: "", "wrong_type", "Give a list")
        return [sent]
    }

    /// An entry that says in another form who it is, as it ought to have been written: a name by
    /// itself, an id without its hyphens.
    fileprivate mutating func mended(_ entry: JSONValue, at index: Int) -> JSONValue {
        if let name = entry.text, UUID(loosely: name) == nil {
            setAside(entry, at: "/\(index)", "wrong_type", "Give an object with a name")
            return ["name": .string(name)]
        }
        guard case .object(var object) = entry, let text = object["person_id"]?.text,
            ID<Person>(text: text) == nil, let uuid = UUID(loosely: text)
        else { return entry }
        setAside(.string(text), at: "/\(index)/person_id", "uuid", "Give a UUID with its hyphens")
        object["person_id"] = .string(ID<Person>(uuid).string)
        return .object(object)
    }

    /// Notes what was set aside of an entry, the rest of which was taken.
    fileprivate mutating func note(_ parts: [SetAside], of entry: JSONValue, at index: Int) {
        if aside.count + parts.count > Self.most { isAboutAnybody = true }
        aside += parts.prefix(max(0, Self.most - aside.count)).map { part in
            SetAside(
                pointer: "/people/\(index)\(part.pointer)", code: part.code, detail: part.detail,
                value: part.value)
        }
        let hasGroup = entry["group"].flatMap(\.text).flatMap(PersonGroup.init) != nil
        if !hasGroup, entry["person_id"] == nil, parts.allSatisfy({ $0.pointer != "/group" }) {
            aside.append(
                SetAside(
                    pointer: "/people/\(index)/group", code: "required",
                    detail: "Say which group they belong to", value: JSON.string(of: entry)))
        }
        if !parts.isEmpty { keepFromWhomItMayConcern(entry, isNamed: entry.namesSomebody) }
    }

    /// Whatever of an entry could be an id is one for the routing, unless it says that it is not
    /// about them. One that names nobody may be about anybody.
    fileprivate mutating func keepFromWhomItMayConcern(
        _ entry: JSONValue, isNamed: Bool = false
    ) {
        let part = entry["part"]?.text.flatMap(Part.init)
        guard part == nil || part == .alleged else { return }
        let before = ids.count
        entry.forEachText { text in
            guard let uuid = UUID(loosely: text) else { return }
            if ids.count < Self.most { ids.append(ID(uuid)) } else { isAboutAnybody = true }
        }
        let isChild = entry["group"]?.text == PersonGroup.child.rawValue
        if ids.count == before, !isNamed, !isChild { isAboutAnybody = true }
    }

    /// Notes an id that its reporter does not find on the roster: temporary staff find none, and it
    /// may be there all the same.
    mutating func note(unknown id: ID<Person>, of part: Part?) {
        guard part == nil || part == .alleged else { return }
        if ids.count < Self.most { ids.append(id) } else { isAboutAnybody = true }
    }

    fileprivate mutating func setAside(
        _ value: JSONValue, at place: String, _ code: String, _ detail: String
    ) {
        aside.append(
            SetAside(
                pointer: "/people\(place)", code: code, detail: detail, value: value.excerpt))
    }
}

extension JSONValue {
    /// Whether a name or an id can be read of this person.
    fileprivate var namesSomebody: Bool {
        (try? Text<200>(self["name"]?.text ?? "")) != nil
            || self["person_id"]?.text.flatMap(ID<Person>.init(text:)) != nil
    }

    /// Every text in this, however deep. The parser has bounded the depth.
    fileprivate func forEachText(_ act: (String) -> Void) {
        switch self {
        case .string(let text): act(text)
        case .array(let elements): for element in elements { element.forEachText(act) }
        case .object(let object): for member in object.members { member.value.forEachText(act) }
        default: break
        }
    }
}

extension UUID {
    /// Also in braces, as a URN, without hyphens or with spaces around: `nil` where it is not 32
    /// hexadecimal digits.
    fileprivate init?(loosely text: String) {
        guard text.utf8.count <= 80 else { return nil }
        let trimmed = text.lowercased().replacing("urn:uuid:", with: "")
        let digits = trimmed.unicodeScalars.filter { !" -{}\t\n\r".unicodeScalars.contains($0) }
        guard digits.count == 32, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
            return nil
        }
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { Array(digits)[$0] }
        let hyphened = parts.map { String(String.UnicodeScalarView($0)) }.joined(separator: "-")
        self.init(uuidString: hyphened)
    }
}
