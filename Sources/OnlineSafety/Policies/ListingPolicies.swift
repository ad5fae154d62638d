import JSON
import OpenAPI
import Postgres

/// The policy documents of a school, and writing them.
enum ListingPolicies {
    static let routes: [Route] = [
        .get(
            "/v1/policies", "List policies",
            """
            As they stand today, those that are due or overdue for review among them. Those that \
            are not in force yet are there for those who prepare and approve them, the technician \
            and the data protection officer, as their versions are.
            """,
            for: Policies.admitted, by(list)
        ).recordingTables(),
        .post(
            "/v1/policies", "Write a policy",
            "A new document, with the draft of its first version, which begins its way.",
            for: Policies.writers.admitted(.policiesOfSchool), by(write)
        ).takingBodies(upTo: 512 << 10),
        .get(
            "/v1/policies/{policy}", "Read a policy",
            "With what it says, its history, and what the caller may do with it.",
            for: Policies.admitted, by(read)),
        .get(
            "/v1/policies/{policy}/versions", "List the versions of a policy",
            "What each says and what became of it, the newest first.",
            for: Policies.draftReaders.admitted(.policiesOfSchool), by(versions)),
        .post(
            "/v1/policies/{policy}/versions", "Write a version of a policy",
            """
            Whole, as a draft that begins its way through the chain; what is in force stays so \
            until it is published. What was on its way is set aside.
            """,
            for: Policies.writers.admitted(.policiesOfSchool), by(draft)
        ).takingBodies(upTo: 512 << 10),
        .post(
            "/v1/policies/{policy}/history", "Enter the past of a policy",
            "What was done with it before the register knew it, or beside it (REV-02).",
            for: Policies.writers.admitted(.policiesOfSchool), by(enter)),
    ]

    static func list(
        _ filter: PolicyFilter, _ page: PageRequest<PolicyOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Policy> {
        tx.page(page, onRecord: page.asTable("policy")) { page in
            """
            select policy.*, policy.id as _id, \(page.order.key) as _key
            from policy_shown as policy
            where \(reach.policies) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Policy>, within reach: Reach, in tx: Transaction
    ) -> Stored<Policy> {
        tx.stored(one(id, reach))
    }

    static func versions(
        of id: ID<Policy>, within reach: Reach, in tx: Transaction
    ) -> Listed<PolicyVersion> {
        tx.listed(
            """
            select version.*
            from policy_version_shown as version
            join policy on policy.school_id = version.school_id and policy.id = version.policy_id
            where version.policy_id = \(id) and \(reach.sql(.policiesOfSchool))
            order by version.number desc
            limit 100
            """)
    }

    static func write(
        _ said: Policy.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Policy> {
        let school = try reach.school(said.schoolID, .policiesOfSchool)
        tx.add("select hold_school(\(school))")
        try await check(said.text, of: nil, at: school, in: tx)
        let id = ID<Policy>()
        tx.add(
            Audit.written(
                "policy_made", "policy", version: "null",
                """
                insert into policy (school_id, id, made_by_name)
                values (\(school), \(id), \(reach.caller.name))
                """))
        add(said.text, to: id, at: school, by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func draft(
        of id: ID<Policy>, _ said: Policy.Draft, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Policy> {
        let school = try await school(of: id, reach, in: tx)
        try await check(said.text, of: id, at: school, in: tx)
        add(said.text, to: id, at: school, by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func enter(
        of id: ID<Policy>, _ said: PolicyPast.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Policy> {
        let school = try await school(of: id, reach, in: tx)
        var faults = try await PlacedText.faults(
            of: [
                PlacedText("/action", said.action.string),
                PlacedText("/responsible", said.responsible.string),
            ], at: school, in: tx)
        let found = try await tx.run("select \(said.on)::date > london_today() as is_ahead")
        if found.bool(0, "is_ahead") == true {
            faults.append(PolicyFault.fault("/on", "in_the_future"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add(
            Audit.written(
                "policy_past_entered", "policy_entry", version: "null",
                """
                insert into policy_entry (
                    school_id, id, policy_id, on_day, action, responsible, entered_by_name)
                values (
                    \(school), \(ID<PolicyPast>()), \(id), \(said.on)::date, \(said.action),
                    \(said.responsible), \(reach.caller.name))
                """))
        return Created(tx.stored(one(id, reach)))
    }

    /// The school of a policy that the caller may write, held so that nobody writes meanwhile.
    private static func school(
        of id: ID<Policy>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let found = try await tx.run(
            """
            select policy.school_id, hold_school(policy.school_id) from policy
            where policy.id = \(id) and \(reach.sql(.policiesOfSchool))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        return ID(school)
    }

    /// Throws what is wrong with it; then that another policy of the school is called so, in force
    /// or on its way.
    private static func check(
        _ text: PolicyText, of id: ID<Policy>?, at school: ID<School>, in tx: Transaction
    ) async throws {
        let faults = try await PlacedText.faults(of: text.texts, at: school, in: tx)
        guard faults.isEmpty else { throw Problem(faults) }
        let found = try await tx.run(
            """
            select exists (
                select from policy_version_shown as version
                where version.school_id = \(school)
                    and version.policy_id is distinct from \(id)::uuid
                    and version.state not in ('superseded', 'set_aside')
                    and lower(version.text ->> 'name') = lower(\(text.name)::text)
            ) as is_taken
            """)
        guard found.bool(0, "is_taken") != true else {
            throw Problem(conflicts: [PolicyFault.stands("name_taken", at: "/text/name")])
        }
    }

    /// Adds a version, and begins its way through the chain as it is today.
    private static func add(
        _ text: PolicyText, to id: ID<Policy>, at school: ID<School>, by caller: Caller,
        in tx: Transaction
    ) {
        let version = ID<PolicyVersion>()
        tx.add(
            Audit.written(
                "policy_version_written", "policy_version", version: "written.number",
                """
                insert into policy_version (
                    school_id, id, policy_id, number, content, written_by_name)
                select \(school), \(version), \(id), coalesce(max(before.number), 0) + 1,
                    \(JSON.string(of: text))::jsonb, \(caller.name)
                from policy_version as before
                where before.school_id = \(school) and before.policy_id = \(id)
                """))
        PolicyRound.begin(
            .adoption, of: "select \(school)::uuid, \(id)::uuid, \(version)::uuid",
            by: caller, in: tx)
    }

    /// One with what it says, its history, and what can be done with it.
    static func one(_ id: ID<Policy>, _ reach: Reach) -> SQL {
        """
        select policy.*, policy._content as text,
            history_of_a_policy(policy.school_id, policy.id) as history,
            acts_open_on_a_policy(
                policy.school_id, policy._round_id, policy._way, policy._is_open,
                policy._is_approved, policy._version_id is not null) as may_do
        from policy_shown as policy
        where policy.id = \(id) and \(reach.policies)
        """
    }
}

/// A version on its way through the chain.
enum PolicyRound {
    /// Begins one, for each row of `school_id, policy_id, version_id`.
    static func begin(
        _ way: PolicyWay, of rows: SQL, because reason: String? = nil,
        _ review: ID<Review>? = nil, by caller: Caller, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                way == .adoption ? "policy_adoption_begun" : "policy_put_under_review",
                "policy_round", version: "null",
                """
                insert into policy_round (
                    school_id, id, policy_id, version_id, number, kind, steps, reason, review_id,
                    begun_as, begun_by_name)
                select begun.school_id, \(ID<PolicyRound>()), begun.policy_id, begun.version_id, (
                        select coalesce(max(before.number), 0) + 1 from policy_round as before
                        where before.school_id = begun.school_id
                            and before.policy_id = begun.policy_id
                    ), \(way), rule.steps, \(reason), \(review),
                    post_that_prepares(begun.school_id), \(caller.name)
                from (\(rows)) as begun (school_id, policy_id, version_id)
                join policy_rule_now as rule on rule.school_id = begun.school_id
                """))
    }
}

/// Which policies to list.
struct PolicyFilter: Filter {
    let school: ID<School>?
    let states: [PolicyState]?
    let isOverdue: Bool?
    let awaitsMe: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        states = query.words("state", PolicyState.self)
        isOverdue = query.flag("is_overdue")
        awaitsMe = query.flag("awaits_me")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("state", "Only those that stand so today.", PolicyState.self),
        .query("is_overdue", "Only those whose review is overdue, or none.", .boolean, true),
        .query(
            "awaits_me", "Only those whose next step is mine to take, or none.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or policy.school_id = \(school))
        and (\(states)::text[] is null or policy.state = any(\(states)))
        and (\(isOverdue)::boolean is null or policy.is_overdue = \(isOverdue))
        and (\(awaitsMe)::boolean is null or \(Policies.awaitsMe) = \(awaitsMe))
        """
    }
}

/// The order in which they can be listed.
enum PolicyOrder: String, SortOrder {
    case name

    var sql: SQL { "policy.name, policy.id" }
    var key: SQL { "policy.name" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(policy.name, policy.id) > (\(key), \(id)::uuid)"
    }
}
