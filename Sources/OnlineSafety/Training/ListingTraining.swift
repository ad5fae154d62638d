import OpenAPI
import Postgres

/// Who is due for what training (TRN-08).
enum ListingTraining {
    static let routes: [Route] = [
        .get(
            "/v1/training", "List training that is asked",
            """
            Of all adults who are there, and each training that is asked of them: whether it is \
            in order, due or overdue, by the last that is on record. Everybody may read their \
            own. Taking it as a table is on record.
            """,
            for: Training.readers.admitted(.trainingOfSchool)
                + [Role].ofASchool.filter { !Training.readers.contains($0) }
                .admitted(.ownTraining),
            by(list)
        ).recordingTables().openTo(.trainingRead, .trainingOfSchool)
    ]

    /// What everybody has to do themselves.
    static let toDo = ToDo(
        kind: "training_due", words: "A training of mine is due", roles: .ofASchool,
        link: "/v1/training?school_id={school}&person_id={me}&state=due,overdue"
    ) { caller, schools in
        """
        select training.school_id, training.due_on
        from person
        cross join lateral training_of(array[person.school_id], array[person.id]) as training
        where person.school_id = any(\(schools)) and person.account_id = \(caller.account)
            and training.state in ('due', 'overdue')
        order by training.due_on
        """
    }

    static func list(
        _ filter: TrainingFilter, _ page: PageRequest<TrainingOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<TrainingStanding> {
        let reading = page.asTable("training")
        let schools = reach.schools(.trainingOfSchool, or: .ownTraining)
        let people = filter.person.map { [$0] }
        let who: SQL =
            reach.caller.scopes == nil ? "person.given_name, person.family_name," : ""
        return tx.page(page, onRecord: reading) { page in
            """
            with training as materialized (
                select asked.school_id, asked.person_id, asked.kind, asked.rule, asked.label,
                    asked.state, asked.due_on, asked.last_on, asked.record_id, \(who)
                    coalesce(asked.due_on, 'infinity') as _due,
                    md5(asked.person_id || asked.rule)::uuid as id
                from training_of(\(schools)::uuid[], \(people)::uuid[]) as asked
                left join person
                    on person.school_id = asked.school_id and person.id = asked.person_id
            )
            select training.*, training.person_id as _id, \(page.order.key) as _key
            from training
            where (\(reach.sql(.trainingOfSchool)) or \(reach.sql(.ownTraining)))
                and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}
