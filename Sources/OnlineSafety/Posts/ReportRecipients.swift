import JSON
import OpenAPI
import Postgres

/// Who would receive a report: the routing's own answer, before anything is reported.
enum ReportRecipients {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/report-recipients", "List report recipients",
            """
            Who would be told of a report about somebody, today: the rule by which reports are \
            filed is asked itself. Nobody would mean that its author is told whom to ring.
            """,
            for: [.headteacher, .dsl, .deputyDSL, .chairOfGovernors, .schoolAdministrator]
                .admitted(.ownPosts), by(list))
    ]

    static func list(
        of school: ID<School>, _ imagined: ImaginedReport, within reach: Reach,
        in tx: Transaction
    ) async throws -> Listed<ReportRecipient> {
        guard reach.schools(.ownPosts).contains(school) else { throw Problem(.notFound) }
        if let person = imagined.person {
            let known = try await tx.run(
                """
                select from person_listed as person
                where person.school_id = \(school) and person.id = \(person)
                """)
            guard !known.isEmpty else {
                throw Problem(parameters: [
                    Fault(
                        parameter: "about_person_id", code: "unknown_person",
                        detail: "Name somebody on the school's roster")
                ])
            }
        }
        let about = [imagined.person].compactMap(\.self)
        return tx.listed(
            """
            select told.who, told.role as post, told.telephone
            from recipients_of_a_report(
                \(school),
                concern_of_a_report(\(imagined.concerns)::text, \(imagined.matter)::text),
                \(imagined.isChildAtRisk), \(about)::uuid[], null, \(imagined.matter)::text)
                as told
            order by place_on_the_ladder(told.role), told.who
            """)
    }
}

/// A report that nobody has made.
struct ImaginedReport: Filter {
    let concerns: Concern
    let matter: Matter
    let isChildAtRisk: Bool
    let person: ID<Person>?

    init(_ query: inout QueryReader) {
        let said = query.words("concerns", Concern.self)
        if said?.count != 1 {
            query.note("concerns", "required", "Say whom it would concern, by one word")
        }
        let about = query.words("matter", Matter.self)
        if let about, about.count != 1 {
            query.note("matter", "exactly_one", "Say what it would be about, by one word")
        }
        concerns = said?.first ?? .unsure
        matter = about?.first ?? .event
        isChildAtRisk = query.flag("is_child_at_risk") ?? false
        person = query.id("about_person_id", of: Person.self)
    }

    static let parameters: [Parameter] = [
        Parameter(
            "concerns", in: .query, "Whom it would concern.", schema: Concern.schema,
            isRequired: true, example: "child"),
        .query(
            "matter", "What it would be about; an event when not given.", Matter.schema, "event"),
        .query(
            "is_child_at_risk", "Whether a child would be at risk; not when not given.", .boolean,
            true),
        .query("about_person_id", "Who would be said to have done it.", .id, nil),
    ]
}

/// Somebody who would be told of a report, and in which post.
struct ReportRecipient: Resource {
    static let isTagged = false

    let who: String
    let post: Role
    let telephone: String?

    static let words = "Somebody who would be told of a report, and in which post."
    static var example: ReportRecipient {
        ReportRecipient(who: "Grace Okafor", post: .dsl, telephone: "01632 960101")
    }

    enum CodingKeys: String, FieldWords {
        case who, post, telephone

        var words: String {
            switch self {
            case .who: "Who would be told."
            case .post: "In which post."
            case .telephone: "The number at school, when one was given."
            }
        }
    }
}
