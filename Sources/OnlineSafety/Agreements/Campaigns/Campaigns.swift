import JSON
import Postgres

/// Putting an agreement before a class, a year or the staff, all at once (AGR-22).
enum Campaigns {
    static let routes: [Route] = [
        .get(
            "/v1/agreement-campaigns", "List agreement campaigns",
            """
            With how far each has come. Those that nobody ran went out of themselves, as the \
            school has chosen.
            """,
            for: (Agreements.keepers + Agreements.overseers).admitted(.campaignsOfSchool),
            by(list)),
        .post(
            "/v1/agreement-campaigns", "Run an agreement campaign",
            """
            Issues the version in force to all of a group who owe it and to whom it was not issued \
            yet, and tells those who must sign. `GET /v1/agreements` lists who is outstanding.
            """,
            for: Agreements.keepers.admitted(.campaignsOfSchool), by(run)),
        .get(
            "/v1/agreement-campaigns/{campaign}", "Read an agreement campaign", "One of them.",
            for: (Agreements.keepers + Agreements.overseers).admitted(.campaignsOfSchool),
            by(read)),
        .get(
            "/v1/agreement-campaigns/{campaign}/reminders", "List reminders of a campaign",
            "The newest first; the latest hundred.",
            for: (Agreements.keepers + Agreements.overseers).admitted(.campaignsOfSchool),
            by(reminders)),
        .post(
            "/v1/agreement-campaigns/{campaign}/reminders", "Remind of a campaign",
            """
            Tells those for whom it waits: by a link who signs by one, of a child each parent who \
            may sign; by a notice who signs in. Two hundred at once, nobody twice in a day. It \
            goes of itself so many days before it is due as the school has set, and the day after.
            """,
            for: Agreements.keepers.admitted(.campaignsOfSchool), by(remind)
        ).takingBodies(upTo: 1 << 10),
    ]

    /// The codes of what can be wrong with a campaign.
    static let words = ["unknown_class": "Nobody of the school is in this class"]

    /// Those of the page are found before it is worked out how far they have come.
    static func list(
        _ filter: OfSchool, _ page: PageRequest<CampaignOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Campaign> {
        tx.page(page) { page in
            """
            select campaign.*, campaign.id as _id, \(page.order.key) as _key
            from agreement_campaign_shown as campaign
            where campaign.id = any(array(
                select campaign.id from agreement_campaign as campaign
                where \(reach.sql(.campaignsOfSchool)) and \(page.after)
                    and (\(filter.school)::uuid is null
                        or campaign.school_id = \(filter.school))
                order by \(page.order.sql)
                limit \(page.limit + 1)))
            order by \(page.order.sql)
            """
        }
    }

    static func read(
        _ id: ID<Campaign>, within reach: Reach, in tx: Transaction
    ) -> Stored<Campaign> {
        tx.stored(one(id, reach))
    }

    static func run(
        _ said: Campaign.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Campaign> {
        let id = ID<Campaign>()
        let (kinds, years, classes) = (
            said.kinds?.elements, said.yearGroups?.elements.map(\.string),
            said.classNames?.elements.map(\.string)
        )
        let (school, version) = try await whatIsIssued(by: said, within: reach, in: tx)
        tx.add(
            Audit.written(
                "agreement_campaign_run", "agreement_campaign", version: "null",
                """
                insert into agreement_campaign (
                    school_id, id, template_id, version_id, name, due_on, kinds, year_groups,
                    class_names, made_by_name)
                values (
                    \(school), \(id), \(said.templateID), \(version), \(said.name),
                    \(said.dueOn)::date, \(kinds)::text[], \(years)::text[], \(classes)::text[],
                    \(reach.caller.name))
                """))
        tx.add(
            """
            select issue_to_group(
                \(school), \(id), \(said.templateID), null, \(kinds)::text[],
                \(years)::text[], \(classes)::text[], \(said.dueOn)::date,
                \(reach.caller.name))
            """)
        if said.isToldAtOnce ?? true {
            tx.add(
                """
                select remind_signers(
                    \(school), \(id), \(ID<CampaignReminder>()), \(reach.caller.name))
                """)
        }
        return Created(tx.stored(one(id, reach)))
    }

    /// The school, which is held, and the version in force; throws every fault of what was said.
    private static func whatIsIssued(
        by said: Campaign.Said, within reach: Reach, in tx: Transaction
    ) async throws -> (ID<School>, ID<AgreementVersion>) {
        let schools = reach.schools(.campaignsOfSchool)
        tx.add(
            """
            select hold_school(template.school_id) from agreement_template as template
            where template.id = \(said.templateID) and template.school_id = any(\(schools))
            """)
        let found = try await tx.run(
            """
            select template.school_id, template.version_id, asked.is_in_time, array(
                    select place - 1
                    from unnest(\(said.classNames?.elements.map(\.string))::text[])
                        with ordinality as asked (name, place)
                    where not exists (
                        select from person
                        where person.school_id = template.school_id
                            and person.class_name = asked.name)
                    order by place
                )::integer[] as unknown
            from (
                select \(said.dueOn)::date >= london_today() as is_in_time
            ) as asked
            left join agreement_template_shown as template
                on template.id = \(said.templateID) and template.school_id = any(\(schools))
            """)
        let wrong = faults(of: said, found)
        guard wrong.isEmpty, let school = found.uuid(0, "school_id") else {
            throw Problem(wrong)
        }
        guard let version = found.uuid(0, "version_id") else {
            throw Problem(.conflict, "No version of this template is in force.")
        }
        return (ID(school), ID(version))
    }

    /// All that is wrong with what was said, by what was found of it.
    private static func faults(of said: Campaign.Said, _ found: Answer) -> [JSONFault] {
        var faults: [JSONFault] = []
        if found.uuid(0, "school_id") == nil {
            faults.append(
                JSONFault(
                    pointer: "/template_id", code: "unknown_template",
                    detail: "Name a template of a school for which you write here"))
        } else {
            faults += (found.ints(0, "unknown") ?? []).map { place in
                JSONFault(
                    pointer: "/class_names/\(place)", code: "unknown_class",
                    detail: words["unknown_class"] ?? "")
            }
        }
        if found.bool(0, "is_in_time") != true {
            faults.append(
                JSONFault(
                    pointer: "/due_on", code: "in_the_past", detail: "Give today or a later day"))
        }
        for (name, isEmpty) in [
            ("kinds", said.kinds?.elements.isEmpty),
            ("year_groups", said.yearGroups?.elements.isEmpty),
            ("class_names", said.classNames?.elements.isEmpty),
        ] where isEmpty == true {
            faults.append(
                JSONFault(
                    pointer: "/\(name)", code: "required",
                    detail: "Give at least one, or leave it out for all"))
        }
        return faults
    }

    static func reminders(
        of id: ID<Campaign>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<CampaignReminder> {
        guard try await school(of: id, reach, in: tx) != nil else { throw Problem(.notFound) }
        return tx.listed(
            """
            \(reminder) where campaign.campaign_id = \(id) and \(reach.sql(.campaignsOfSchool))
            order by campaign.reminded_at desc, campaign.id desc
            limit 100
            """)
    }

    static func remind(
        of id: ID<Campaign>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<CampaignReminder> {
        guard let school = try await school(of: id, reach, in: tx) else {
            throw Problem(.notFound)
        }
        let new = ID<CampaignReminder>()
        tx.add("select remind_signers(\(school), \(id), \(new), \(reach.caller.name))")
        return Created(
            tx.stored(
                """
                \(reminder) where campaign.id = \(new) and \(reach.sql(.campaignsOfSchool))
                """))
    }

    private static func school(
        of id: ID<Campaign>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School>? {
        let found = try await tx.run(
            """
            select campaign.school_id from agreement_campaign as campaign
            where campaign.id = \(id) and \(reach.sql(.campaignsOfSchool))
            """)
        return found.uuid(0, "school_id").map { ID($0) }
    }

    private static let reminder: SQL = """
        select campaign.id, campaign.school_id, campaign.campaign_id, campaign.mails,
            campaign.notices, campaign.told_today, campaign.unreachable, campaign.waiting,
            campaign.reminded_by_name as reminded_by, campaign.reminded_at
        from agreement_campaign_reminder as campaign
        """

    private static func one(_ id: ID<Campaign>, _ reach: Reach) -> SQL {
        """
        select campaign.* from agreement_campaign_shown as campaign
        where campaign.id = \(id) and \(reach.sql(.campaignsOfSchool))
        """
    }
}

extension Relation {
    static let campaignsOfSchool = Relation(
        "own school's campaigns",
        "What was put before groups in the schools in which the post is held (AGR-22)."
    ) { _, schools in "campaign.school_id = any(\(schools))" }
}
