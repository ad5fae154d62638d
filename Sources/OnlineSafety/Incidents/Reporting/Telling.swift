import Crypto
import JSON
import Postgres

/// What somebody tells of an incident, whoever they are.
protocol Telling: Body {
    var concerns: Concern { get }
    var matter: Matter? { get }
    var isChildAtRisk: Bool? { get set }
    var types: Few<IncidentType, 20>? { get }
    var otherBreach: Text<2000>? { get }
    var occurredOn: Day? { get }
    var occurredUntil: Day? { get }

    /// What could not be taken, with the reasons.
    var aside: [SetAside] { get set }

    /// What is missing beside that, for who tells it so.
    var gaps: [SetAside] { get }
}

extension Telling {
    var gaps: [SetAside] { [] }

    /// A report never bounces: anything else that is wrong is put aside and shown to its readers.
    static var essentials: [String]? { ["description", "concerns"] }

    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) {
        EmbeddedMedia.cut(from: value.withoutControls)
    }

    mutating func setAside(_ parts: [SetAside]) {
        aside = parts
        // An answer that cannot be read is not taken for a no.
        if parts.contains(where: { $0.pointer == "/is_child_at_risk" }) { isChildAtRisk = true }
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
                'salt', \(Random.bytes(16))::bytea)
            || \(more))
        """
    }

    /// Urgent: a child at risk, an adult of the school, or a kind that cannot wait.
    var urgency: Urgency {
        let isGrave =
            types?.elements.contains(where: \.isGrave) == true || matter?.isConfidential == true
        return isChildAtRisk == true || concerns != .child || isGrave ? .urgent : .normal
    }
}

extension JSONValue {
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
