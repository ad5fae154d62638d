import JSON
import Postgres

/// The register of access, and asking for it (ACC-01, ACC-03, ACC-06, ACC-22).
enum AccessGrants {
    static let routes: [Route] = [
        .get(
            "/v1/access-grants", "List access",
            """
            Who has access to what, on a day; all that was ever asked for and given stays. What \
            was given while the gate is shut on that day is `suspended`, what was approved \
            `waiting`. Taking it as a table is on record.
            """,
            for: AccessRegister.admitted, by(list)
        ).recordingTables().openTo(.accessRead, .accessOfSchool),
        .post(
            "/v1/access-grants", "Ask for access",
            """
            For oneself; for others by those who look after accounts, the headteacher or a senior \
            leader. Supply staff and whoever needs it for a time have a temporary log-in, with \
            what data it opens and its last day.
            """,
            for: AccessRegister.admitted, by(request)),
        .get(
            "/v1/access-grants/{grant}", "Read access",
            """
            With all that was done with it. Why it was suspended or revoked is told to those who \
            lead, and never to whom it concerns.
            """,
            for: AccessRegister.admitted, by(read)),
    ]

    /// What waits for somebody's approval.
    static let toApprove = ToDo(
        kind: "access_to_approve", words: "Access that somebody asks for",
        roles: AccessRegister.approvers,
        link: "/v1/access-grants?school_id={school}&state=requested"
    ) { _, schools in
        """
        select access.school_id, access.from_on as due_on
        from access_grant as access
        join access_system_shown as system
            on system.school_id = access.school_id and system.id = access.system_id
        join person on person.school_id = access.school_id and person.id = access.person_id
        where access.school_id = any(\(schools)) and access.rule_version is null
            and not exists (
                select from access_act as act
                where act.school_id = access.school_id and act.grant_id = access.id)
            and coalesce(access.until_on >= london_today(), true)
            and coalesce(person.left_on >= london_today(), true)
            and caller_may_act_on_access(
                access.school_id, access.person_id, access.requested_by,
                system.rules -> 'approvers', 'approved')
        order by access.from_on
        """
    }

    static func list(
        _ filter: AccessFilter, _ page: PageRequest<AccessOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<AccessGrant> {
        tx.page(page, onRecord: page.asTable("access_grant")) { page in
            """
            select access.*, access.id as _id, \(page.order.key) as _key
            from (\(standing(found(filter, page, reach), on: filter.day))) as access
            where \(filter.states)::text[] is null or access.state = any(\(filter.states))
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<AccessGrant>, within reach: Reach, in tx: Transaction
    ) -> Stored<AccessGrant> {
        tx.stored(one(id, reach))
    }

    static func request(
        _ said: AccessGrant.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        let asked = try await AskedAccess.open(said, reach, in: tx)
        let id = ID<AccessGrant>()
        tx.add(
            Audit.written(
                "access_requested", "access_grant", version: "null",
                """
                insert into access_grant (
                    school_id, id, system_id, person_id, level, from_on, until_on, is_temporary,
                    why, requested_by_name)
                values (
                    \(asked.school), \(id), \(said.systemID), \(said.personID), \(said.level),
                    coalesce(\(said.fromOn)::date, london_today()), \(said.untilOn)::date,
                    \(asked.isTemporary), \(said.why), \(reach.caller.name))
                """))
        return Created(tx.stored(one(id, reach)))
    }

    /// One, with what was done with it.
    static func one(_ id: ID<AccessGrant>, _ reach: Reach) -> SQL {
        """
        select access.*, acts_on_access(access.school_id, access.id) as acts
        from (\(standing(given(id, reach), on: "london_today()"))) as access
        """
    }

    /// One, as it stands by what was done with it and by the day.
    static func given(_ id: ID<AccessGrant>, _ reach: Reach) -> SQL {
        """
        select access.*
        from unnest(\(reach.schoolsOfAccess)::uuid[]) as own (school_id)
        cross join lateral access_grants_on(own.school_id, london_today()) as access
        where access.id = \(id) and \(reach.access)
        """
    }

    /// One school after the other, each in the order of its index; and the gate is asked about no
    /// more than stands on the page, unless it is asked for what stands in a certain way.
    private static func found(
        _ filter: AccessFilter, _ page: PageRequest<AccessOrder>, _ reach: Reach
    ) -> SQL {
        let limit: SQL = filter.states == nil ? "\(page.limit + 1)" : "null"
        return """
            select access.*
            from unnest(\(reach.schoolsOfAccess)::uuid[]) as own (school_id)
            cross join lateral (
                select access.* from access_grants_on(own.school_id, \(filter.day)) as access
                where \(reach.access) and \(filter.sql) and \(page.after)
                order by \(page.order.sql)
                limit \(limit)
            ) as access
            order by \(page.order.sql)
            limit \(limit)
            """
    }

    /// Some of what `access_grants_on` finds, as it stands once the gate was asked. What somebody
    /// has suspended stands against the thing at the gate, and not against itself.
    private static func standing(_ found: SQL, on day: SQL) -> SQL {
        """
        with given as materialized (\(found)), asked as materialized (
            select given.school_id, given._opens as to_have,
                array_agg(distinct given.person_id) as people
            from given where given._shut_as is not null
            group by given.school_id, given._opens
        ), \(Gate.shutting(on: day, but: AccessRegister.suspension)), missing as (
            select given.id, array(
                    select unnest(shut.codes)
                    union
                    select unnest(stands_against_access(
                        given.school_id, given.system_id, given.person_id))
                    where given._shut_as in ('waiting', 'requested') and \(day) >= london_today()
                    order by 1
                ) as codes
            from given
            left join shut on shut.school_id = given.school_id
                and shut.to_have = given._opens and shut.person_id = given.person_id
            where given._shut_as is not null
        )
        select given.*,
            case when missing.codes <> '{}' then given._shut_as else given._stands end as state,
            case when missing.codes <> '{}' and given._shut_as <> given._stands then null
                else given._since end as since,
            case when given._shut_as <> 'inactive' then nullif(missing.codes, '{}') end as missing
        from given left join missing on missing.id = given.id
        """
    }
}

/// A request that was looked at: its school is held, so that nobody asks for the same meanwhile.
private struct AskedAccess {
    let school: ID<School>
    let isTemporary: Bool

    static func open(
        _ said: AccessGrant.Said, _ reach: Reach, in tx: Transaction
    ) async throws -> AskedAccess {
        let found = try await tx.run(
            """
            select access.school_id, access.kind,
                caller_is(access.school_id, access.person_id) as is_callers,
                system.id is not null as is_known,
                pupil_accounts_of(access.school_id, system.rules) as pupil_accounts
            from (
                select person.school_id, person.id as person_id, person.kind
                from person where person.id = \(said.personID)
            ) as access
            left join access_system_shown as system
                on system.school_id = access.school_id and system.id = \(said.systemID)
            where \(reach.access)
            """)
        guard let uuid = found.uuid(0, "school_id"),
            found.bool(0, "is_callers") == true || reach.asksForOthers(at: ID(uuid))
        else { throw Problem([.unknownPerson]) }
        guard found.bool(0, "is_known") == true else { throw Problem([.unknownSystem]) }
        let school = ID<School>(uuid)
        tx.add("select hold_school(\(school))")
        let kind = found.text(0, "kind")
        let isTemporary =
            said.isTemporary == true || kind.flatMap(PersonKind.init)?.isTemporary == true
        let needsReason =
            kind == PersonKind.pupil.rawValue
            && found.text(0, "pupil_accounts") == PupilAccounts.some.rawValue
        let faults = try await faults(
            of: said, isTemporary: isTemporary, needsReason: needsReason, at: school, in: tx)
        guard faults.isEmpty else { throw Problem(faults) }
        try await MissingAccess.check(said, at: school, in: tx)
        return AskedAccess(school: school, isTemporary: isTemporary)
    }

    private static func faults(
        of said: AccessGrant.Said, isTemporary: Bool, needsReason: Bool, at school: ID<School>,
        in tx: Transaction
    ) async throws -> [JSONFault] {
        let from: SQL = "coalesce(\(said.fromOn)::date, london_today())"
        let found = try await tx.run(
            """
            select \(from) between london_today() - 366 and london_today() + 366 as is_in_time,
                \(said.untilOn)::date >= greatest(\(from), london_today()) as is_ordered,
                \(said.untilOn)::date - \(from) < setting_now(
                    \(school), 'temporary_post_days')::integer as is_short
            """)
        var faults: [JSONFault] = []
        func note(_ pointer: String, _ code: String, _ detail: String) {
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        if found.bool(0, "is_in_time") != true {
            note("/from_on", "out_of_range", "Within a year back and a year ahead")
        }
        if found.bool(0, "is_ordered") == false {
            note("/until_on", "before_its_start", "Give a day that is not before its first")
        }
        if needsReason, said.why == nil {
            note("/why", "required", "Only some pupils have accounts here: say why")
        }
        guard isTemporary else { return faults }
        if said.untilOn == nil {
            note("/until_on", "required", "A temporary log-in has a last day")
        } else if found.bool(0, "is_short") == false {
            note("/until_on", "too_long", "It is longer than the school lets temporary log-ins be")
        }
        if said.level == nil {
            note("/level", "required", "Say what data a temporary log-in opens")
        }
        return faults
    }
}

extension Reach {
    /// Whether the caller may ask for others' access.
    fileprivate func asksForOthers(at school: ID<School>) -> Bool {
        (AccessRegister.keepers + AccessRegister.rulers).contains { caller.holds($0, in: school) }
    }
}

extension JSONFault {
    fileprivate static let unknownPerson = JSONFault(
        pointer: "/person_id", code: "unknown_person",
        detail: "Name somebody for whom you may ask here")
    fileprivate static let unknownSystem = JSONFault(
        pointer: "/system_id", code: "unknown_system",
        detail: "Name one of the systems of the person's school")
}
