import JSON
import OpenAPI
import Postgres

/// A rule of a school as it holds on a day.
struct SchoolRule<Content: RuleContent>: Resource {
    let schoolID: ID<School>
    let subject: Content.Subject?
    let fromOn: Day?
    let content: Content
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static var schemaName: String { Content.schemaName }
    static var words: String { Content.words }
    static var example: SchoolRule {
        SchoolRule(
            schoolID: .example, subject: .example, fromOn: .example, content: .example,
            setBy: "Maya Lewis", setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case etag
        case schoolID = "school_id"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .fromOn:
                Content.hasUsual
                    ? "From which day; where nothing was set, since the register has known the "
                        + "school."
                    : "From which day; absent where nobody had decided anything by then."
            case .setBy: "Who set it; absent where nobody has."
            case .setAt: "When."
            case .etag: "The version of the latest that was set, to be sent as If-Match."
            }
        }
    }
}

extension SchoolRule {
    init(from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: CodingKeys.self)
        schoolID = try told.decode(ID<School>.self, forKey: .schoolID)
        subject = try Content.Subject.key.map {
            try decoder.container(keyedBy: EntryKey.self).decode(Content.Subject.self, forKey: $0)
        }
        fromOn =
            Content.hasUsual
            ? try told.decode(Day.self, forKey: .fromOn)
            : try told.decodeIfPresent(Day.self, forKey: .fromOn)
        content = try Content(from: decoder)
        setBy = try told.decodeIfPresent(String.self, forKey: .setBy)
        setAt = try told.decodeIfPresent(Instant.self, forKey: .setAt)
        etag = try told.decode(String.self, forKey: .etag)
    }

    func encode(to encoder: any Encoder) throws {
        var told = encoder.container(keyedBy: CodingKeys.self)
        try told.encode(schoolID, forKey: .schoolID)
        if let key = Content.Subject.key {
            var named = encoder.container(keyedBy: EntryKey.self)
            try named.encodeIfPresent(subject, forKey: key)
        }
        try told.encodeIfPresent(fromOn, forKey: .fromOn)
        try content.encode(to: encoder)
        try told.encodeIfPresent(setBy, forKey: .setBy)
        try told.encodeIfPresent(setAt, forKey: .setAt)
        try told.encode(etag, forKey: .etag)
    }
}

extension SchoolRule {
    /// The rules of the kind that the caller may know, as they hold on a day; today, when none is
    /// given. While a version is to come, the one that holds is part of what is shown (`_parts`):
    /// so whoever has it asks again with success on the day on which the other begins.
    static func rows(on day: Day? = nil, within reach: Reach) -> SQL {
        """
        select rule.school_id, rule.from_on, \(Content.columns), rule.set_by_name as set_by,
            rule.set_at, '"' || rule.version || '"' as etag, rule.version as _version,
            case when rule.in_force < rule.version then rule.in_force::text end as _parts
        from rules_on(coalesce(\(day)::date, london_today())) as rule
        where rule.kind = \(Content.kind.name.description) and \(reach.sql(Content.relation))
        """
    }

    static func read(
        of school: ID<School>, _ subject: Content.Subject, _ asked: RulesOn, within reach: Reach,
        in tx: Transaction
    ) -> Stored<SchoolRule> {
        tx.stored(one(school, subject, asked.day, reach))
    }

    /// From a day on: what held before is kept.
    static func set(
        of school: ID<School>, _ subject: Content.Subject, to said: RuleToSet<Content>,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<SchoolRule> {
        let (_, version) = try await Content.kind.next(
            after: one(school, subject, nil, reach), ifMatch, from: said.fromOn, in: tx)
        let faults = try await PlacedText.faults(of: said.said.texts, at: school, in: tx)
        guard faults.isEmpty else { throw Problem(faults) }
        Content.kind.write(
            Content(said.said), of: subject.rawValue, version, from: said.fromOn, at: school,
            by: reach.caller, in: tx)
        return tx.stored(one(school, subject, said.fromOn, reach))
    }

    private static func one(
        _ school: ID<School>, _ subject: Content.Subject, _ day: Day?, _ reach: Reach
    ) -> SQL {
        """
        \(rows(on: day, within: reach))
            and rule.school_id = \(school) and rule.subject = \(subject.rawValue)
        """
    }
}

/// A rule of a school, all of it, as somebody sets it.
struct RuleToSet<Content: RuleContent>: Body {
    let fromOn: Day?
    let said: Content.Said

    static var schemaName: String { "\(Content.schemaName)Said" }
    static var words: String { "\(Content.words.dropLast()), all of it at once." }
    static var example: RuleToSet { RuleToSet(fromOn: nil, said: .example) }

    enum CodingKeys: String, FieldWords {
        case fromOn = "from_on"

        var words: String {
            Content.kind.reachesBack
                ? "From which day, also one that is over; today when not given."
                : "From which day; today when not given."
        }
    }

    var faults: [JSONFault] { said.faults }
}

extension RuleToSet {
    init(from decoder: any Decoder) throws {
        fromOn = try decoder.container(keyedBy: CodingKeys.self)
            .decodeIfPresent(Day.self, forKey: .fromOn)
        said = try Content.Said(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        var told = encoder.container(keyedBy: CodingKeys.self)
        try told.encodeIfPresent(fromOn, forKey: .fromOn)
        try said.encode(to: encoder)
    }
}
