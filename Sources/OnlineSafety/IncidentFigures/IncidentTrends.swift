import JSON
import OpenAPI
import Postgres

/// How the incidents of a school change over time, and where none are told of (INC-46): counted
/// over what is open to the caller, so that small numbers need not be kept from them.
struct IncidentTrends: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let by: Aspect
    let period: IncidentFigure.Period
    let periods: [Row]

    static let words = "How the incidents of a school change over time, and where there are none."
    static var example: IncidentTrends {
        IncidentTrends(schoolID: .example, by: .type, period: .term, periods: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case by, period, periods
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .by: "By what they are told apart."
            case .period: "How long each period is."
            case .periods: "The latest first; also those in which there was none."
            }
        }
    }

    /// By what incidents are told apart.
    enum Aspect: String, Words {
        case type
        case riskCategory = "risk_category"
        case severity
        case channel
        case location
        case socialMedia = "social_media"
        case yearGroup = "year_group"

        var label: String {
            switch self {
            case .type: "By type; an incident may have several, or none"
            case .riskCategory: "By risk category; an incident may have several, or none"
            case .severity: "By how grave they were found to be"
            case .channel: "By the way in which they arrived"
            case .location: "By where they took place"
            case .socialMedia: "By social medium"
            case .yearGroup: "By year group of the children involved"
            }
        }

        /// The words that are counted though there is none, in the order of their list; of free
        /// words those are told that there are.
        fileprivate var known: [String] {
            switch self {
            case .type: IncidentType.allCases.map(\.rawValue)
            case .riskCategory: RiskCategory.allCases.map(\.rawValue)
            case .severity: Severity.allCases.map(\.rawValue)
            case .channel: Channel.allCases.map(\.rawValue)
            case .location: Location.allCases.map(\.rawValue)
            case .socialMedia, .yearGroup: []
            }
        }

        /// What an incident says of it: a list of words.
        fileprivate var said: SQL {
            switch self {
            case .type: "incident.types"
            case .riskCategory: "incident.risk_categories"
            case .severity: "array_remove(array[incident.severity], null)"
            case .channel: "array_remove(array[incident.channel], null)"
            case .location: "incident.locations"
            case .socialMedia: "incident.social_media"
            case .yearGroup:
                """
                array(
                    select distinct child.year_group from person_involved as child
                    where child.school_id = incident.school_id
                        and child._incident_id = incident.id
                        and child."group" = 'child' and child.year_group is not null)
                """
            }
        }
    }

    /// One period.
    struct Row: Codable, Exemplary {
        let startsOn: Day
        let endsOn: Day
        let incidents: Int
        let counts: [Count]

        static var example: Row {
            Row(startsOn: .example, endsOn: .example, incidents: 9, counts: [.example])
        }

        enum CodingKeys: String, FieldWords {
            case incidents, counts
            case startsOn = "starts_on"
            case endsOn = "ends_on"

            var words: String {
                switch self {
                case .startsOn: "Its first day."
                case .endsOn: "Its last day, which may be still to come."
                case .incidents: "How many incidents there were, duplicates left out."
                case .counts:
                    "How many of them by each word; also by those that nobody told of."
                }
            }
        }
    }

    /// How many of one word.
    struct Count: Codable, Exemplary {
        let word: String
        let incidents: Int
        let before: Int

        static var example: Count { Count(word: "cyberbullying", incidents: 4, before: 2) }

        enum CodingKeys: String, FieldWords {
            case word, incidents, before

            var words: String {
                switch self {
                case .word: "The word."
                case .incidents: "In how many incidents."
                case .before: "In how many of the period before."
                }
            }
        }
    }
}

/// Reading how incidents change over time.
enum ReadingTrends {
    static let route: Route = .get(
        "/v1/schools/{school}/incident-trends", "Read the trends of incidents",
        """
        How many incidents there were of each kind in each period, and in the one before: counted \
        over those that are open to me, by the day on which they were logged. What was made of it \
        is put down as a trend (INC-46).
        """,
        for: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher].admitted(.openToThePost),
        by(read))

    static func read(
        of school: ID<School>, _ asked: TrendQuestion, within reach: Reach, in tx: Transaction
    ) throws -> Stored<IncidentTrends> {
        guard reach.schools(.openToThePost).contains(school) else { throw Problem(.notFound) }
        return tx.stored(
            """
            with \(asked.period), told as materialized (
                select incident.id, period.place, \(asked.by.said) as words
                from period
                join incident_listed as incident
                    on london_day(incident.reported_at) between period.starts_on and period.ends_on
                left join closure_standing as closure
                    on closure.school_id = incident.school_id
                    and closure._incident_id = incident.id
                where incident.school_id = \(school) and \(reach.sql(.openToThePost))
                    and closure.kind is distinct from 'duplicate'
            ), known as (
                select word, min(position) as position
                from (
                    select word, position
                    from unnest(\(asked.by.known)::text[]) with ordinality as said (word, position)
                    union all
                    select unnest(told.words), null from told
                ) as said
                group by word
                order by min(position), count(*) desc, word
                limit 100
            ), found as materialized (
                select told.place, said.word, count(distinct told.id) as incidents
                from told cross join lateral unnest(told.words) as said (word) group by 1, 2
            ), counted as materialized (
                select period.place, known.word, known.position,
                    coalesce(found.incidents, 0) as incidents
                from period cross join known
                left join found on found.place = period.place and found.word = known.word
            )
            select \(school)::uuid as school_id, \(asked.by)::text as by,
                \(asked.length)::text as period, (
                    select jsonb_agg(
                        jsonb_build_object(
                            'starts_on', period.starts_on, 'ends_on', period.ends_on,
                            'incidents', (
                                select count(*) from told where told.place = period.place),
                            'counts', coalesce((
                                    select jsonb_agg(
                                        jsonb_build_object(
                                            'word', now.word, 'incidents', now.incidents,
                                            'before', before.incidents)
                                        order by now.position, now.word)
                                    from counted as now
                                    join counted as before
                                        on before.word = now.word and before.place = now.place + 1
                                    where now.place = period.place
                                ), '[]'))
                        order by period.place)
                    from period
                    where period.place < \(asked.periods)::integer
                ) as periods
            """)
    }
}

/// By what, and over which periods.
struct TrendQuestion: Filter {
    let by: IncidentTrends.Aspect
    fileprivate let length: IncidentFigure.Period
    fileprivate let periods: Int

    init(_ query: inout QueryReader) {
        by = query.word("by", IncidentTrends.Aspect.self) ?? .type
        length = query.word("period", IncidentFigure.Period.self) ?? .term
        let said = query.take("periods")
        periods = said.flatMap { Int($0) } ?? 6
        if said != nil, !(1...24).contains(said.flatMap { Int($0) } ?? 0) {
            query.note("periods", "whole_number", "Give a whole number from 1 to 24")
        }
    }

    static let parameters: [Parameter] = [
        .words(
            "by", "By what they are told apart, one word; by type when not given.",
            IncidentTrends.Aspect.self),
        .words(
            "period", "How long each period is, one word; a term when not given.",
            IncidentFigure.Period.self),
        .query(
            "periods", "Of how many periods, the one that has begun among them; 6 when not given.",
            .integer(minimum: 1, maximum: 24), 6),
    ]

    /// How many months each has.
    private var months: Int {
        switch length {
        case .academicYear: 12
        case .term: 4
        case .month: 1
        }
    }

    /// The periods, from the one that has begun back to the one before the last that is told.
    fileprivate var period: SQL {
        """
        period as materialized (
            select place, starts_on::date as starts_on,
                (starts_on + make_interval(months => \(months)::integer))::date - 1 as ends_on
            from generate_series(0, \(periods)::integer) as place
            cross join lateral (
                select make_date(academic_year_begins(london_today()), 9, 1)
                    + make_interval(months => \(months)::integer * (
                        (extract(month from london_today())::integer + 3) % 12
                            / \(months)::integer - place)) as starts_on
            ) as begins
        )
        """
    }
}
