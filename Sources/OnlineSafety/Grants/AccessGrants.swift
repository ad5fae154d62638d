import JSON
import Postgres

/// The register of access, and asking for it (ACC-01, ACC-03, ACC-06, ACC-22).
enum AccessGrants {
    static let routes: [Route] = [
        .get(
            "/v1/access-grants", "List access",
            """
            Who has access to what, on a day; all that was ever asked for and given stays. Taking \
            it as a table is on record.
            """,
            for: Grants.admitted, by(list)
        ).recordingTables().openTo(.accessRead, .accessOfSchool),
        .post(
            "/v1/access-grants", "Ask for access",
            """
            For oneself; for others by those who look after accounts, the headteacher or a senior \
            leader. Supply staff and whoever needs it for a time have a temporary log-in, with \
            what data it opens and its last day.
            """,
            for: Grants.admitted, by(request)),
        .get(
            "/v1/access-grants/{grant}", "Read access",
            """
            With all that was done with it. Why it was suspended or revoked is told to those who \
            lead, and never to whom it concerns.
            """,
            for: Grants.admitted, by(read)),
    ]

    /// What waits for somebody's approval.
    static let toApprove = ToDo(
        kind: "access_to_approve", words: "Access that somebody asks for",
        roles: Grants.approvers, link: "/v1/access-grants?school_id={school}&state=requested"
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
        let reading: (deed: String, kind: String)? =
            page.form == .json ? nil : ("exported", "access_grant")
        return tx.page(page, onRecord: reading) { page in
            """
            select access.*, access.id as _id, \(page.order.key) as _key
            from access_grants_on(\(reach.schoolsOfAccess), \(filter.day)) as access
            where \(reach.access) and \(filter.sql) and \(page.after)
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
        from access_grants_on(\(reach.schoolsOfAccess), london_today()) as access
        where access.id = \(id) and \(reach.access)
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
        let isTemporary = said.isTemporary == true || kind == PersonKind.supply.rawValue
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
        (Grants.keepers + Grants.rulers).contains { caller.holds($0, in: school) }
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
