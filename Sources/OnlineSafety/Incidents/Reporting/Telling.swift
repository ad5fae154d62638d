import Crypto
import JSON
import Postgres

/// What somebody tells of an incident, whoever they are.
protocol Telling: Body {
    var concerns: Concern { get set }
    var matter: Matter? { get set }
    var isChildAtRisk: Bool? { get set }
    var types: Few<IncidentType, 20>? { get }
    var otherBreach: Text<2000>? { get }
    var occurredOn: Day? { get }
    var occurredUntil: Day? { get }

    /// What could not be read of those whom it names.
    var doubts: Doubts { get }

    /// What could not be taken, with the reasons.
    var aside: [SetAside] { get set }

    /// What is missing beside that, for who tells it so.
    var gaps: [SetAside] { get }
}

extension Telling {
    var gaps: [SetAside] { [] }

    /// A report never bounces: anything else that is wrong is put aside and shown to its readers.
    static var essentials: [String]? { ["description", "concerns"] }

    static var isMended: Bool { true }

    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) {
        EmbeddedMedia.cut(from: value.withoutControls.listing(["types", "locations"]))
    }

    mutating func setAside(_ parts: [SetAside]) {
        aside = parts + doubts.aside
        // An answer that cannot be read is not taken for one that calls for less.
        if isUnread("is_child_at_risk") { isChildAtRisk = true }
        if isUnread("matter") { matter = .allegation }
        let isMisnamed = parts.contains { $0.code == "unknown_field" && $0.isOf("people") }
        if doubts.isAboutAnybody || isMisnamed { takeForUnsure() }
        if let begin = occurredOn, let end = occurredUntil, end.string < begin.string {
            aside.append(
                SetAside(
                    pointer: "/occurred_until", code: "ends_before_it_begins",
                    detail: "It ends before it begins; both days are kept as they were given",
                    value: nil))
        }
        if types?.elements.contains(.auaBreachOther) == true, otherBreach == nil {
            aside.append(
                SetAside(
                    pointer: "/other_breach", code: "required",
                    detail: "Say which rule was broken", value: nil))
        }
        aside += gaps
    }

    private func isUnread(_ field: String) -> Bool { aside.contains { $0.isOf(field) } }

    /// It may be about anybody: past those who lead the school, unless it is about one of them, and
    /// goes its own way for that.
    private mutating func takeForUnsure() {
        guard concerns == .child || concerns == .staff else { return }
        aside.append(
            SetAside(
                pointer: "/concerns", code: "taken_as_unsure",
                detail: "Those whom it names could not all be read: it goes past those who lead "
                    + "the school, in case it is about one of them",
                value: JSON.string(of: concerns)))
        concerns = .unsure
    }

    /// What the reporter is told of it: where and why, not again what they sent.
    var warnings: [SetAside] {
        aside.map { SetAside(pointer: $0.pointer, code: $0.code, detail: $0.detail, value: nil) }
    }

    /// The report as a row: what the form has where nothing is said, what was sent, and what the
    /// register adds to it, an expression for a JSON object.
    func row(adding more: SQL) -> SQL {
        """
        jsonb_populate_record(
            null::report,
            '{
                "channel": "form", "intent": "unknown", "is_approximate": false, "types": [],
                "locations": [], "social_media": [], "people": []
            }'::jsonb
            || \(JSON.string(of: self))::jsonb
            || jsonb_build_object(
                'set_aside', \(JSON.string(of: aside))::jsonb,
                'possibly_about', \(doubts.ids)::uuid[],
                'salt', \(Random.bytes(16))::bytea)
            || \(more))
        """
    }

    /// Urgent: a child at risk, an adult of the school, or a kind that cannot wait or be read.
    var urgency: Urgency {
        let isGrave =
            types?.elements.contains(where: \.isGrave) == true || isUnread("types")
            || matter?.isConfidential == true
        return isChildAtRisk == true || concerns != .child || isGrave ? .urgent : .normal
    }
}

extension JSONValue {
    /// With a list of one where a word stands by itself in these fields.
    fileprivate func listing(_ fields: [String]) -> JSONValue {
        guard case .object(var object) = self else { return self }
        for field in fields {
            if let word = object[field], word.text != nil { object[field] = .array([word]) }
        }
        return .object(object)
    }

    /// Without the control characters that come along when text is pasted: a line break of a word
    /// processor (U+000B, U+000C) becomes one, the others go. No report bounces for them.
    fileprivate var withoutControls: JSONValue {
        switch self {
        case .string(let text):
            guard text.utf8.contains(where: { $0 < 0x20 }) else { return self }
            let scalars = text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
                switch scalar.value {
                case 0x0B, 0x0C: "\n"
                case 0x09, 0x0A, 0x0D, 0x20...: scalar
                default: nil
                }
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case .array(let elements): return .array(elements.map(\.withoutControls))
        case .object(let object):
            return .object(
                JSONObject(object.members.map { .init($0.name, $0.value.withoutControls) }))
        default: return self
        }
    }
}

extension SetAside {
    /// Whether it was sent as this field, or in it: its name in any case, with or without hyphens
    /// and low lines.
    fileprivate func isOf(_ field: String) -> Bool {
        func letters(_ name: Substring.UTF8View) -> [UInt8] {
            name.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }.map { $0 | 0x20 }
        }
        let sent = pointer.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
        return letters(sent) == letters(field[...].utf8)
    }
}
