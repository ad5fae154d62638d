import JSON
import OpenAPI

/// A new entry, as somebody says it.
struct EntrySaid<Kind: RegisterKind>: Body {
    let schoolID: ID<School>?
    let fromOn: Day?
    let untilOn: Day?
    let content: EntryContent

    static var schemaName: String { "\(Kind.register.schemaName)Said" }
    static var words: String { "\(Kind.register.anyOne.capitalisedFirst), as somebody says it." }

    static var example: EntrySaid {
        EntrySaid(
            schoolID: nil, fromOn: nil, untilOn: nil,
            content: EntryContent(
                Dictionary(
                    Kind.register.fields.map { ($0.key.stringValue, $0.example) },
                    uniquingKeysWith: { $1 })))
    }

    private init(
        schoolID: ID<School>?, fromOn: Day?, untilOn: Day?, content: EntryContent
    ) {
        (self.schoolID, self.fromOn, self.untilOn) = (schoolID, fromOn, untilOn)
        self.content = content
    }

    init(from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: EntryKey.self)
        schoolID = try told.decodeIfPresent(ID<School>.self, forKey: .wantedSchool)
        fromOn = try told.decodeIfPresent(Day.self, forKey: .begins(Kind.register.time))
        untilOn =
            Kind.register.time == .inForce
            ? try told.decodeIfPresent(Day.self, forKey: .untilOn) : nil
        var values: [String: JSONValue] = [:]
        for field in Kind.register.fields { values[field.key.stringValue] = try field.told(told) }
        content = EntryContent(values)
    }

    func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: EntryKey.self)
        try said.encodeIfPresent(schoolID, forKey: .wantedSchool)
        try said.encodeIfPresent(fromOn, forKey: .begins(Kind.register.time))
        try said.encodeIfPresent(untilOn, forKey: .untilOn)
        for field in Kind.register.fields {
            try said.encodeIfPresent(content.values[field.key.stringValue], forKey: field.key)
        }
    }

    var faults: [JSONFault] {
        Kind.register.faults(content) + EntryDays(fromOn?.string, untilOn?.string).faults
    }
}

/// A correction of an entry: a new version, beside those before it.
struct EntryCorrection<Kind: RegisterKind>: Body {
    let changes: [String: JSONValue]
    let fromOn: Change<Day>
    let untilOn: Patch<Day>
    let reason: Text<1000>?

    static var schemaName: String { "\(Kind.register.schemaName)Correction" }
    static var words: String {
        "What is to be said otherwise of \(Kind.register.anyOne); what is left out stays."
    }

    static var example: EntryCorrection {
        let field = Kind.register.fields[0]
        return EntryCorrection(
            changes: [field.key.stringValue: field.example], fromOn: .absent, untilOn: .absent,
            reason: "It was mistyped")
    }

    private init(
        changes: [String: JSONValue], fromOn: Change<Day>, untilOn: Patch<Day>,
        reason: Text<1000>?
    ) {
        (self.changes, self.fromOn, self.untilOn) = (changes, fromOn, untilOn)
        self.reason = reason
    }

    init(from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: EntryKey.self)
        fromOn = try told.decode(Change<Day>.self, forKey: .began(Kind.register.time))
        untilOn =
            Kind.register.time == .inForce
            ? try told.decode(Patch<Day>.self, forKey: .untilOn) : .absent
        reason = try told.decodeIfPresent(Text<1000>.self, forKey: .reason)
        var changes: [String: JSONValue] = [:]
        for field in Kind.register.fields {
            changes[field.key.stringValue] = try field.changed(told)
        }
        self.changes = changes
    }

    func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: EntryKey.self)
        try said.encode(fromOn, forKey: .began(Kind.register.time))
        if Kind.register.time == .inForce { try said.encode(untilOn, forKey: .untilOn) }
        try said.encodeIfPresent(reason, forKey: .reason)
        for field in Kind.register.fields {
            guard let value = changes[field.key.stringValue] else { continue }
            try said.encode(value, forKey: field.key)
        }
    }
}

/// That an entry ought not to be there, and why. It stays, and is listed only when asked for.
struct EntryWithdrawal: Body {
    let reason: Text<1000>

    static let words = "Why an entry is withdrawn."
    static var example: EntryWithdrawal { EntryWithdrawal(reason: "It was entered twice") }

    enum CodingKeys: String, FieldWords {
        case reason

        var words: String { "Why it ought not to be there." }
    }
}

/// From which day to which; days compare as text.
struct EntryDays {
    let from: String?
    let until: String?

    init(_ from: String?, _ until: String?) { (self.from, self.until) = (from, until) }

    var faults: [JSONFault] {
        guard let from, let until, until < from else { return [] }
        return [
            JSONFault(
                pointer: "/until_on", code: "ends_before_it_begins",
                detail: "It ends before it begins")
        ]
    }
}

extension EntryKey {
    static let wantedSchool = EntryKey(
        "school_id", "The school; may be left out by whoever writes for only one.")
    static let untilOn = EntryKey("until_on", "The last day; nothing while it goes on.")
    static let reason = EntryKey("reason", "Why it is said otherwise.")

    /// Of an entry that is there already.
    static func began(_ time: SmallRegister.Time) -> EntryKey {
        switch time {
        case .inForce: EntryKey("from_on", "The first day.")
        case .happened: EntryKey("happened_on", "The day.")
        }
    }

    static func begins(_ time: SmallRegister.Time) -> EntryKey {
        switch time {
        case .inForce: EntryKey("from_on", "The first day; today when it is left out.")
        case .happened: EntryKey("happened_on", "The day; today when it is left out.")
        }
    }
}

extension String {
    /// With a capital letter at the beginning of a sentence.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
