import JSON
import OpenAPI
import Postgres

/// What is to be removed, and who removed it when (CON-10).
enum ImageRemovals {
    static let routes: [Route] = [
        .get(
            "/v1/image-removals", "List image removals",
            """
            Where somebody says no, or no more, to what was allowed, its images are to be removed \
            from wherever the school can: what is due first, first. The reading is on record.
            """,
            for: Consents.readers.admitted(.imageRemovals), onRecord: true, by(list)),
        .post(
            "/v1/image-removals/{removal}/completion", "Complete an image removal",
            """
            That it is done, by whom and when, and what could not be; or that they may stay, where \
            that is allowed again today.
            """,
            for: removers.admitted(.imageRemovals), by(complete)),
    ]

    /// Those who run what the school shows of itself.
    private static let removers = Consents.obeyers

    static let words = ["not_allowed_again": "It is not allowed today: remove them"]

    /// What is to be removed wherever the caller may do so, and by when.
    static let toDo = ToDo(
        kind: "image_removal", words: "Images that are to be removed, as they are allowed no more",
        roles: removers, link: "/v1/image-removals?school_id={school}&is_open=true"
    ) { caller, schools in
        """
        select removal.school_id, removal.due_on
        from image_removal_shown as removal
        where \(Relation.imageRemovals.sql(caller, schools)) and removal.is_open
        order by removal.due_on
        """
    }

    static func list(
        _ filter: RemovalFilter, _ page: PageRequest<RemovalOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<ImageRemoval> {
        tx.page(page, onRecord: page.inEveryForm("image_removal")) { page in
            """
            select removal.*, \(page.order.key) as _key
            from image_removal_shown as removal
            where \(reach.sql(.imageRemovals)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func complete(
        _ id: ID<ImageRemoval>, _ said: ImageRemoval.Completion, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<ImageRemoval> {
        let one: SQL = """
            select removal.* from image_removal_shown as removal
            where removal.id = \(id) and \(reach.sql(.imageRemovals))
            """
        // Nobody says no meanwhile, whose images would then be nobody's to remove.
        tx.add("select hold_school(removal.school_id) from (\(one)) as removal")
        let found = try await tx.run(
            """
            select removal.school_id, exists (
                select from consent_answers(
                    removal.school_id, array[removal.person_id], array[removal.purpose],
                    london_today()) as told
                where told.is_allowed) as is_allowed
            from (\(one)) as removal
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        if said.outcome == .allowedAgain, found.bool(0, "is_allowed") != true {
            let code = "not_allowed_again"
            throw Problem(conflicts: [
                Fault(pointer: "/outcome", code: code, detail: words[code] ?? "")
            ])
        }
        tx.add(
            Audit.written(
                "image_removal_completed", "image_removal", version: "null",
                """
                insert into image_removal_end (school_id, id, outcome, note, ended_by_name)
                values (
                    \(school), \(id), \(said.outcome), \(said.note), \(reach.caller.name))
                """))
        return Created(tx.stored(one))
    }
}

/// Which of them to list.
struct RemovalFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let purposes: [ConsentPurpose]?
    let isOpen: Bool?
    let isOverdue: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        purposes = query.words("purpose", ConsentPurpose.self)
        isOpen = query.flag("is_open")
        isOverdue = query.flag("is_overdue")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only of images of this person.", .id, nil),
        .words("purpose", "Only from where these are allowed no more.", ConsentPurpose.self),
        .query("is_open", "Only what is still to be done, or is done.", .boolean, true),
        .query(
            "is_overdue", "Only what should have been done, or need not be yet.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or removal.school_id = \(school))
        and (\(person)::uuid is null or removal.person_id = \(person))
        and (\(purposes)::text[] is null or removal.purpose = any(\(purposes)))
        and (\(isOpen)::boolean is null or removal.is_open = \(isOpen))
        and (\(isOverdue)::boolean is null or removal.is_overdue = \(isOverdue))
        """
    }
}

/// The orders in which they can be listed.
enum RemovalOrder: String, SortOrder {
    case due = "due_on"

    var sql: SQL { "removal.due_on, removal.id" }
    var key: SQL { "removal.due_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(removal.due_on, removal.id) > (\(key)::text::date, \(id)::uuid)"
    }
}

extension Relation {
    static let imageRemovals = Relation(
        "own school's image removals",
        "Images that are to be removed in the schools in which the post is held (CON-10)."
    ) { _, schools in "removal.school_id = any(\(schools))" }
}
