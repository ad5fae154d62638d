import JSON
import Postgres

/// Who holds which post in a school: appointed, ended, delegated, left; and what of it needs a
/// second person.
enum Posts {
    static let area = Area(
        name: "Posts",
        words: "Who holds which post in a school, and who would be told of what.",
        routes: [
            .get(
                "/v1/posts", "List posts", "Who holds which post today, for all who work there.",
                for: [Role].ofASchool.admitted(.ownPosts), by(list)),
            .get(
                "/v1/schools/{school}/posts", "List posts of a school",
                """
                Who holds which post today: so that everybody knows who leads safeguarding \
                (ORG-04).
                """,
                for: [Role].ofASchool.admitted(.ownPosts), by(listOfSchool)),
            .get(
                "/v1/schools/{school}/posts/history", "List the history of posts",
                "Who held, holds and will hold which post; the newest first, a thousand at most.",
                for: historians.admitted(.ownPosts), by(history)),
            .post(
                "/v1/schools/{school}/posts", "Appoint somebody",
                """
                By the headteacher; by the chair, headteachers and governors; by the \
                administrator, temporary staff. Somebody may hold several posts, and who left \
                comes back by it; where the roster tells a last day to come, the post ends with \
                it. Where it alters who receives a report about its author, it is 409 \
                `second_person_needed`: propose it. Temporary staff report, read the receipts of \
                their own reports and the designated areas, and nothing that is personal; their \
                post ends by itself at a moment (SEC-08).
                """,
                for: (appointers + [.schoolAdministrator]).admitted(.ownPosts), by(appoint)
            ).afterStepUp(),
            .post(
                "/v1/posts/{post}/ending", "End a post",
                """
                By whoever may appoint to it; a later day may be given, and an earlier one than \
                that anew: to hold it longer is an appointment. The last DSL contact, the last who \
                takes reports and the last who could be told of one about the headteacher are not \
                ended without a successor: 409 `last_dsl`, `last_report_taker`, \
                `last_of_the_head`.
                """,
                for: (appointers + [.schoolAdministrator]).admitted(.ownPosts), by(end)
            ).afterStepUp(),
        ] + ReportRecipients.routes + Proposals.routes + Leaving.routes + Delegations.routes
            + AccessReviews.routes + Readiness.routes,
        conflicts: [
            "setting_is_changed_once_at_a_time": "Somebody else changed this setting just now.",
            "seat_is_held_once": "They hold this post already in that time.",
        ],
        faults: SchoolChange.words,
        vocabularies: [
            Vocabulary("proposal_kinds", Proposal.Kind.self),
            Vocabulary("proposal_statuses", Proposal.Status.self),
        ],
        deeds: [
            "appointed", "post_ended", "left", "change_proposed", "proposal_confirmed",
            "proposal_refused", "proposal_withdrawn", "exit_reminder_given", "delegated",
            "delegation_ended", "access_reviewed", "procedure_known",
        ],
        settings: [.temporaryPosts],
        toDo: [Proposals.toDecide],
        holds: [.posts])

    static let appointers: [Role] = [.headteacher, .chairOfGovernors]
    private static let historians = [Role].settingReaders + [.chairOfGovernors]

    static func list(
        _ filter: PostFilter, within reach: Reach, in tx: Transaction
    ) -> Listed<Post> {
        tx.listed(
            """
            select post.* from post
            where \(reach.sql(.ownPosts)) and \(filter.sql)
            order by post.school_id, place_on_the_ladder(post.role), post.role, post.who, post.id
            """)
    }

    static func listOfSchool(
        _ school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<Post> {
        tx.listed(
            """
            select post.* from post
            where post.school_id = \(school) and \(reach.sql(.ownPosts))
            order by place_on_the_ladder(post.role), post.role, post.who, post.id
            """)
    }

    static func history(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<PostHeld> {
        tx.listed(
            """
            select post.* from post_ever as post
            where post.school_id = \(school) and \(reach.sql(.ownPosts))
            order by post.from_on desc, post.id
            limit 1000
            """)
    }

    static func appoint(
        at school: ID<School>, _ appointment: Appointment, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<PostHeld> {
        guard reach.schools(.ownPosts).contains(school) else { throw Problem(.notFound) }
        let id = ID<Post>()
        try await appointment.change(id, at: school, in: tx)
            .make(at: school, reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func end(
        _ id: ID<Post>, _ ending: Ending, within reach: Reach, in tx: Transaction
    ) async throws -> Created<PostHeld> {
        let (school, change) = try await Self.ending(
            of: id, on: ending.untilOn, within: reach.sql(.ownPosts), in: tx)
        try await change.make(at: school, reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    /// The school and the change that ends a post of it. Throws `notFound` where there is none
    /// within the condition. From the question on, nobody else changes the school.
    static func ending(
        of id: ID<Post>, on day: Day?, within condition: SQL, below pointer: String = "",
        in tx: Transaction
    ) async throws -> (ID<School>, SchoolChange) {
        tx.add(
            """
            select hold_school(post.school_id) from post_ever as post
            where post.id = \(id) and \(condition)
            """)
        let found = try await tx.run(
            """
            select post.school_id, coalesce(\(day)::date, london_today() - 1)::text as until_on,
                coalesce(\(day)::date >= london_today() - 1, true) as is_in_time
            from post_ever as post
            where post.id = \(id) and \(condition)
            """)
        guard let school = found.uuid(0, "school_id"), let last = found.text(0, "until_on") else {
            throw Problem(.notFound)
        }
        guard found.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "\(pointer)/until_on", code: "out_of_range",
                    detail: "Give yesterday or a later day: what was held is not altered")
            ])
        }
        let json: JSONValue = [
            "kind": "ending", "post_id": .string(id.string), "until_on": .string(last),
        ]
        return (ID(school), SchoolChange(json: JSON.string(of: json)))
    }

    private static func one(_ id: ID<Post>, _ reach: Reach) -> SQL {
        """
        select post.* from post_ever as post
        where post.id = \(id) and \(reach.sql(.ownPosts))
        """
    }
}

extension Setting {
    static let temporaryPosts = Setting(
        "temporary_post_days", "Length of a temporary post",
        "How many days the post of temporary staff lasts at most (S-27).",
        .number(1...365, of: "days"), usual: 28, stronger: .less)
}

extension Relation {
    static let ownPosts = Relation(
        "own school's posts", "Who holds which post in the caller's schools (ORG-04)."
    ) { _, schools in "post.school_id = any(\(schools))" }
}
