import JSON
import Postgres

/// Putting an agreement before a class, a year or the staff, all at once (AGR-22).
enum Campaigns {
    static let routes: [Route] = [
        .get(
            "/v1/agreement-campaigns", "List agreement campaigns",
            "With how far each has come, the newest first; the latest hundred.",
            for: (Agreements.keepers + Agreements.overseers).admitted(.campaignsOfSchool),
            by(list)),
        .post(
            "/v1/agreement-campaigns", "Run an agreement campaign",
            """
            Issues the version in force to all of a group who owe it and to whom it was not issued \
            yet. `GET /v1/agreements` lists who is outstanding.
            """,
            for: Agreements.keepers.admitted(.campaignsOfSchool), by(run)),
        .get(
            "/v1/agreement-campaigns/{campaign}", "Read an agreement campaign", "One of them.",
            for: (Agreements.keepers + Agreements.overseers).admitted(.campaignsOfSchool),
            by(read)),
    ]

    static func list(
        _ filter: OfSchool, within reach: Reach, in tx: Transaction
    ) -> Listed<Campaign> {
        tx.listed(
            """
            select campaign.* from agreement_campaign_shown as campaign
            where \(reach.sql(.campaignsOfSchool))
                and (\(filter.school)::uuid is null or campaign.school_id = \(filter.school))
            order by campaign.made_at desc, campaign.id
            limit 100
            """)
    }

    static func read(
        _ id: ID<Campaign>, within reach: Reach, in tx: Transaction
    ) -> Stored<Campaign> {
        tx.stored(one(id, reach))
    }

    static func run(
        _ said: Campaign.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Campaign> {
        let found = try await tx.run(
            """
            select hold_school(template.school_id), template.school_id, template.version_id,
                \(said.dueOn)::date >= london_today() as is_in_time
            from agreement_template_shown as template
            where template.id = \(said.templateID)
                and template.school_id = any(\(reach.schools(.campaignsOfSchool)))
            """)
        guard let school = found.uuid(0, "school_id") else {
            throw Problem([
                JSONFault(
                    pointer: "/template_id", code: "unknown_template",
                    detail: "Name a template of a school for which you write here")
            ])
        }
        guard let version = found.uuid(0, "version_id") else {
            throw Problem(.conflict, "No version of this template is in force.")
        }
        guard found.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/due_on", code: "in_the_past", detail: "Give today or a later day")
            ])
        }
        let id = ID<Campaign>()
        let (kinds, years, classes) = (
            said.kinds?.elements, said.yearGroups?.elements.map(\.string),
            said.classNames?.elements.map(\.string)
        )
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
                \(school), \(id), \(said.templateID), \(kinds)::text[], \(years)::text[],
                \(classes)::text[], \(said.dueOn)::date, \(reach.caller.name))
            """)
        return Created(tx.stored(one(id, reach)))
    }

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
