import JSON
import OpenAPI
import Postgres

/// Somebody to be appointed to a post.
struct Appointment: Body {
    let personID: ID<Person>
    let role: SchoolRole
    let fromOn: Day?
    let untilOn: Day?
    let telephone: Text<40>?
    let endsAt: Instant?

    static let words = "Whom to appoint to which post, from when to when."
    static var example: Appointment {
        Appointment(
            personID: .example, role: .office, fromOn: nil, untilOn: nil,
            telephone: "01632 960101", endsAt: nil)
    }

    /// The roles of a school; a trust appoints its own.
    struct SchoolRole: TextScalar {
        let string: String

        init?(_ text: String) {
            guard let role = Role(rawValue: text), role.isOfASchool else { return nil }
            string = text
        }

        private static let words = Role.allCases.filter(\.isOfASchool).map(\.rawValue)
        static let fault = JSONFault.unknownWord(words)
        static let schema = Schema.text(choices: words)
        static let exampleText: StaticString = "staff"
        static let office = SchoolRole("office") ?? .example
    }

    var isTemporary: Bool { role.string == Role.temporaryStaff.rawValue }

    var faults: [JSONFault] {
        let wanted: [(Bool, String, String, String)] = [
            (
                isTemporary && endsAt == nil, "/ends_at", "required",
                "The post of temporary staff ends by itself: say at which moment"
            ),
            (
                isTemporary && untilOn != nil, "/until_on", "not_allowed",
                "Of temporary staff say `ends_at`: its day is the last"
            ),
            (
                !isTemporary && endsAt != nil, "/ends_at", "not_allowed",
                "Only the post of temporary staff ends at a moment: say `until_on`"
            ),
        ]
        return wanted.filter(\.0).map { JSONFault(pointer: $0.1, code: $0.2, detail: $0.3) }
    }

    enum CodingKeys: String, FieldWords {
        case role, telephone
        case personID = "person_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case endsAt = "ends_at"

        var words: String {
            switch self {
            case .role: "The role."
            case .telephone: "The number at school."
            case .personID: "Who: somebody on the school's roster who has an account."
            case .fromOn: "The first day, today or within two years; today when not given."
            case .untilOn: "The last day; no end when not given."
            case .endsAt:
                "Of `temporary_staff`, who must have one, and of nobody else: the moment at which "
                    + "it is over, such as the end of a supply teacher's day; the school sets "
                    + "after how many days at most (`temporary_post_days`, S-27)."
            }
        }
    }
}

extension Appointment {
    /// The change that it is. Throws every fault that the roster and the calendar find in it;
    /// whoever is invited needs no account yet. From the question on, nobody else changes the
    /// school.
    func change(
        _ id: ID<Post>, at school: ID<School>, below pointer: String = "",
        ofTheInvited isInvited: Bool = false, in tx: Transaction
    ) async throws -> SchoolChange {
        tx.add("select hold_school(\(school))")
        let found = try await tx.run(
            """
            select day.first::text, day.last::text, person.id is not null as is_known,
                person._account_id is not null as has_account,
                day.first between london_today() and london_today() + 731 as is_in_time,
                coalesce(\(untilOn)::date >= day.first, true) as is_in_order,
                coalesce(
                    \(endsAt)::timestamptz > greatest(rowan_now(), day_begins_at(day.first)), true
                ) as ends_later,
                \(endsAt)::timestamptz is null or day.last < day.first
                    + setting_now(\(school), 'temporary_post_days')::integer as is_short
            from (
                select coalesce(\(fromOn)::date, london_today()) as first,
                    coalesce(
                        \(untilOn)::date,
                        (\(endsAt)::timestamptz at time zone 'Europe/London')::date) as last
            ) as day
            left join person_listed as person
                on person.school_id = \(school) and person.id = \(personID)
            """)
        let faults = [
            ("is_known", "person_id", "unknown_person", "Name somebody on the school's roster"),
            ("has_account", "person_id", "no_account", "They need an account first"),
            ("is_in_time", "from_on", "out_of_range", "Today, or within two years"),
            ("is_in_order", "until_on", "before_its_start", "A post ends after it begins"),
            ("ends_later", "ends_at", "before_its_start", "It ends after now, and after it begins"),
            (
                "is_short", "ends_at", "too_long",
                "The school lets temporary staff stay no longer (temporary_post_days)"
            ),
        ].filter { found.bool(0, $0.0) != true }.filter {
            $0.2 != "no_account" || !isInvited && found.bool(0, "is_known") == true
        }
        guard faults.isEmpty else {
            throw Problem(
                faults.map {
                    JSONFault(pointer: "\(pointer)/\($0.1)", code: $0.2, detail: $0.3)
                })
        }
        return SchoolChange(
            "appointment", self,
            [("id", .string(id.string)), ("from_on", .string(found.text(0, "first") ?? ""))]
                + (found.text(0, "last").map { [("until_on", .string($0))] } ?? []))
    }
}

/// The end of a post.
struct Ending: Body {
    let untilOn: Day?

    static let words = "The last day of a post."
    static var example: Ending { Ending(untilOn: nil) }

    enum CodingKeys: String, FieldWords {
        case untilOn = "until_on"

        var words: String {
            switch self {
            case .untilOn: "The last day; yesterday when not given, so that it ends at once."
            }
        }
    }
}
