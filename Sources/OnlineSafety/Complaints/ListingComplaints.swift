import JSON
import OpenAPI
import Postgres

/// The complaints that the caller may know of, and taking one.
enum ListingComplaints {
    static let routes: [Route] = [
        .get(
            "/v1/complaints", "List complaints",
            """
            Those that are routed to the caller's post, and of those that they put down whether \
            they are closed; never one about the caller. The reading is on record.
            """,
            for: admitted, onRecord: true, by(list)),
        .post(
            "/v1/complaints", "Put down a complaint",
            """
            It goes to the post that the matter asks for, or where whoever holds that is its \
            subject, or complains, to the next, and is hidden from whom it is about (CMP-02, \
            CMP-03). Who blows the whistle is sealed, for the receiver alone (CMP-07).
            """,
            for: admitted, by(take)
        ).takingBodies(upTo: 128 << 10),
        .get(
            "/v1/complaints/{complaint}", "Read a complaint",
            """
            With what was done about it, the incidents with which it overlaps, and what the caller \
            may do. The reading is on record.
            """,
            for: admitted, onRecord: true, by(read)),
    ]

    static let admitted = Complaints.takers.admitted(.complaints)

    static func list(
        _ filter: ComplaintFilter, _ page: PageRequest<ComplaintOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Complaint> {
        tx.page(page, onRecord: page.inEveryForm("complaint")) { page in
            """
            select complaint.*, complaint.id as _id, \(page.order.key) as _key
            from complaint_shown as complaint
            where \(reach.sql(.complaints)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Complaint>, within reach: Reach, in tx: Transaction
    ) -> Stored<Complaint> {
        tx.stored(Audit.reading("opened", "complaint", limit: 1, one(id, reach)))
    }

    static func take(
        _ said: Complaint.Said, with keys: Keys, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Complaint> {
        let school = try reach.school(said.schoolID, .complaints)
        try await check(said, at: school, in: tx)
        let id = ID<Complaint>()
        let isSealed = said.matter == .whistleblowing
        let complainant = isSealed ? .withheld : said.complainant
        tx.add(
            Audit.written(
                "complaint_put_down", "complaint", version: "null",
                """
                insert into complaint (
                    school_id, id, reference, matter, subject, words, complainant, complainant_id,
                    about, received_on, received_by, incident_ids, put_down_by_name)
                values (
                    \(school), \(id), \(Reference()), \(said.matter), \(said.subject),
                    \(said.words), \(JSON.string(of: complainant))::jsonb,
                    \(complainant.personID), \(JSON.string(of: said.about ?? []))::jsonb,
                    \(said.receivedOn)::date, \(said.receivedBy),
                    \(said.incidentIDs?.elements ?? [])::uuid[], \(reach.caller.name))
                """))
        if isSealed {
            tx.add(ComplaintReporters.kept(said.complainant, of: id, at: school, with: keys))
        }
        tx.add("select settle_complaint(\(school), \(id), '{}')")
        return Created(tx.stored(one(id, reach)))
    }

    /// Throws everything that is wrong with it.
    private static func check(
        _ said: Complaint.Said, at school: ID<School>, in tx: Transaction
    ) async throws {
        let about = said.about?.elements ?? []
        let people =
            about.enumerated().compactMap { place, one in
                one.personID.map { ("/about/\(place)/person_id", $0) }
            } + (said.complainant.personID.map { [("/complainant/person_id", $0)] } ?? [])
        let incidents = said.incidentIDs?.elements ?? []
        let found = try await tx.run(
            """
            select \(said.receivedOn)::date > london_today() as is_ahead,
                \(said.receivedOn)::date < london_today() - 3660 as is_long_ago,
                exists (
                    select from subjects_of_a_complaint(
                        \(school), \(said.matter), \(JSON.string(of: about))::jsonb) as subject
                    left join person_listed as person
                        on person.school_id = \(school) and person.id = subject.person_id
                    where caller_account() in (subject.account_id, person._account_id)
                ) as is_own,
                \(whistle(said, at: school)),
                array(
                    select named.place::integer
                    from unnest(\(people.map(\.1))::uuid[]) with ordinality as named (id, place)
                    where not exists (
                        select from person_listed as person
                        where person.school_id = \(school) and person.id = named.id)
                    order by named.place
                ) as unknown,
                array(
                    select named.place::integer
                    from unnest(\(incidents)::uuid[]) with ordinality as named (id, place)
                    where not incident_may_be_named(\(school), named.id)
                    order by named.place
                ) as hidden
            """)
        var faults = faults(in: found)
        faults += (found.ints(0, "unknown") ?? []).map { place in
            JSONFault(
                pointer: people[place - 1].0, code: "unknown_person",
                detail: "Name somebody of the school's roster")
        }
        faults += (found.ints(0, "hidden") ?? []).map { place in
            JSONFault(
                pointer: "/incident_ids/\(place - 1)", code: "unknown_incident",
                detail: JSONFault.unknownIncident.detail)
        }
        try said.judge(besides: faults)
    }

    /// What of the day, of whom it is about and of its words the statement found to be wrong.
    private static func faults(in found: Answer) -> [JSONFault] {
        let stands: [(StaticString, JSONFault)] = [
            (
                "is_ahead",
                JSONFault(
                    pointer: "/received_on", code: "in_the_future", detail: "It has not come yet")
            ),
            (
                "is_long_ago",
                JSONFault(
                    pointer: "/received_on", code: "out_of_range", detail: "Ten years back at most")
            ),
            ("is_own", ComplaintFault.fault("/about", "own_complaint")),
            ("is_own_disclosure", ComplaintFault.fault("/complainant", "own_disclosure")),
            ("names_the_reporter", ComplaintFault.fault("/words", "names_the_reporter")),
        ]
        return stands.filter { found.bool(0, $0.0) == true }.map(\.1)
    }

    /// Who blew the whistle is known to the receiver alone: so nobody puts down what they disclose
    /// themselves, which would name them, and no words that others read say who it was.
    private static func whistle(_ said: Complaint.Said, at school: ID<School>) -> SQL {
        guard said.matter == .whistleblowing else {
            return "false as is_own_disclosure, false as names_the_reporter"
        }
        let (name, id) = (said.complainant.name, said.complainant.personID)
        let told = [said.subject.string, said.words.string].joined(separator: " ")
        return """
            exists (
                select from person_listed as own
                where own.school_id = \(school) and own._account_id = caller_account()
                    and (own.id = \(id)::uuid or folded_name(\(name)::text)
                        = folded_name(own.given_name || ' ' || own.family_name))
            ) as is_own_disclosure,
            exists (
                select from (
                    select \(name)::text as name
                    union all
                    select person.given_name || ' ' || person.family_name
                    from person_listed as person
                    where person.school_id = \(school) and person.id = \(id)::uuid
                ) as reporter
                where position(lower(reporter.name) in lower(\(told)::text)) > 0
            ) as names_the_reporter
            """
    }

    /// One with what was done about it, and what can be.
    static func one(_ id: ID<Complaint>, _ reach: Reach) -> SQL {
        """
        select complaint.*,
            case when complaint._standing = 'handles' then incidents_of_a_complaint(
                complaint.school_id, complaint.id, complaint._incident_ids) end as incident_ids,
            case when complaint._standing = 'handles'
                then acts_on_a_complaint(complaint.school_id, complaint.id) end as acts,
            acts_open_on_a_complaint(
                complaint._standing, complaint.state, complaint.acknowledged_on is not null)
                as may_do
        from complaint_shown as complaint
        where complaint.id = \(id) and \(reach.sql(.complaints))
        """
    }
}

/// Which complaints to list.
struct ComplaintFilter: Filter {
    let school: ID<School>?
    let matters: [ComplaintMatter]?
    let states: [ComplaintState]?
    let isOverdue: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        matters = query.words("matter", ComplaintMatter.self)
        states = query.words("state", ComplaintState.self)
        isOverdue = query.flag("is_overdue")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("matter", "Only those of this.", ComplaintMatter.self),
        .words("state", "Only those that stand so.", ComplaintState.self),
        .query("is_overdue", "Only those that are, or are not.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or complaint.school_id = \(school))
        and (\(matters)::text[] is null or complaint.matter = any(\(matters)))
        and (\(states)::text[] is null or complaint.state = any(\(states)))
        and (\(isOverdue)::boolean is null or complaint.is_overdue = \(isOverdue))
        """
    }
}

/// The order in which they are listed.
enum ComplaintOrder: String, SortOrder {
    case newest = "-received_on"

    var sql: SQL { "complaint.received_on desc, complaint.id desc" }
    var key: SQL { "complaint.received_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(complaint.received_on, complaint.id) < (\(key)::text::date, \(id)::uuid)"
    }
}
