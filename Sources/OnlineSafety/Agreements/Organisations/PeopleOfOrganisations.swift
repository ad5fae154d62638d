import JSON
import Postgres

/// Who belongs to an outside organisation, and how that stands for them.
extension Organisations {
    static func standing(
        of id: ID<RegisterEntry>, within reach: Reach, in tx: Transaction
    ) -> Stored<OrganisationStanding> {
        tx.stored(
            """
            select told.organisation_id as id, own.school_id, told.name,
                told.is_mandatory as agreements_are_mandatory, told.is_signed, told.since,
                told.current_until, (
                    select coalesce(jsonb_agg(
                        jsonb_build_object(
                            'person_id', person.id, 'kind', person.kind,
                            'who', person.given_name || ' ' || person.family_name)
                        order by person.family_name, person.given_name, person.id), '[]')
                    from (
                        select person.id, person.kind, person.given_name, person.family_name
                        from organisations_of_people(own.school_id, london_today()) as member
                        join person
                            on person.school_id = own.school_id and person.id = member.person_id
                        where member.organisation_id = told.organisation_id
                        order by person.family_name, person.given_name, person.id
                        limit 500
                    ) as person) as people
            from unnest(\(reach.schools(.agreementsOfSchool))::uuid[]) as own (school_id)
            cross join lateral organisations_on(
                own.school_id, array[\(id)]::uuid[], london_today()) as told
            """)
    }

    static func say(
        of person: ID<Person>, _ said: OrganisationMembership.Said, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<OrganisationMembership> {
        let found = try await tx.run(
            """
            select hold_school(person.school_id), person.school_id, (
                    select count(*)::integer from organisation_member as before
                    where before.school_id = person.school_id and before.person_id = person.id
                ) as before,
                \(said.organisationID)::uuid is null or exists (
                    select from organisations_on(
                        person.school_id, array[\(said.organisationID)]::uuid[], london_today())
                ) as is_known
            from person
            where person.id = \(person)
                and person.school_id = any(\(reach.schools(.agreementsOfSchool)))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        guard found.bool(0, "is_known") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/organisation_id", code: "unknown_organisation",
                    detail: "Name an outside organisation that is in the school's register today")
            ])
        }
        let id = ID<OrganisationMembership>()
        tx.add(
            Audit.written(
                "organisation_of_a_person_said", "organisation_member", version: "null",
                """
                insert into organisation_member (
                    school_id, id, person_id, number, organisation_id, set_by_name)
                values (
                    \(school), \(id), \(person), \((found.int(0, "before") ?? 0) + 1),
                    \(said.organisationID), \(reach.caller.name))
                """))
        return Created(
            tx.stored(
                """
                select agreement.id, agreement.school_id, agreement.person_id,
                    agreement.organisation_id, agreement.from_on,
                    agreement.set_by_name as set_by, agreement.set_at
                from organisation_member as agreement
                where agreement.id = \(id) and \(reach.sql(.agreementsOfSchool))
                """))
    }
}
