import JSON
import Postgres

extension Route {
    /// Whether it may ask for a fresh proof, because the incident is restricted (SEC-06).
    var opensAnIncident: Bool { path.contains("{incident}") }
}

/// Opening an incident to few, and to somebody else when none of them can be reached.
enum Restricting {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/restriction", "Read a restriction",
            """
            To whom it is open, and why; who broke the glass. The reading is on record.
            """,
            for: Record.readers, onRecord: true, by(read)),
        .post(
            "/v1/incidents/{incident}/restriction", "Restrict an incident",
            """
            To the posts of its kind, or to people by name and to nobody else. By a DSL, the \
            headteacher, or the chair when it is about the headteacher. To all others it does not \
            exist from that moment on.
            """,
            for: Record.readers, by(restrict)
        ).afterStepUp(),
        .post(
            "/v1/incidents/{incident}/lifting", "Lift a restriction",
            "By a DSL alone; not of an allegation, as long as it concerns an adult of the school.",
            for: Record.readers, by(lift)
        ).afterStepUp(),
        .post(
            "/v1/break-glass", "Break the glass",
            """
            Opens a restricted incident for four hours to somebody who may not read it, with their \
            reason: the DSLs and whoever is in charge are told at once, and it stays on record. \
            404 where there is none of that reference, or where it may not be: the two look alike. \
            409 `already_open` where it is open to them.
            """,
            for: Record.readers, by(breakGlass)
        ).afterStepUp(),
        .get(
            "/v1/restricted-incidents", "Count restricted incidents",
            "How many of each of my schools are open to others and not to me; nothing else.",
            for: counters, by(count)),
    ]

    /// Section 25's stub: that there are such incidents.
    private static let counters =
        [Role].incidentReaders.filter { $0 != .chairOfGovernors }.admitted(.openToThePost)

    static func read(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Restriction> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.stored(shown(id, in: school))
    }

    static func restrict(
        _ id: ID<Incident>, _ put: Restriction.Put, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Restriction> {
        let incident = try await OpenedIncident.open(
            id, for: .restriction, ifUnchanged, within: reach, in: tx)
        if let people = put.people { try await incident.checkCanBeOpen(to: people.elements, tx) }
        incident.restrict(as: put.kind, to: put.people?.elements, put.words.string, in: tx)
        return Created(tx.stored(shown(id, in: incident.school)))
    }

    static func lift(
        _ id: ID<Incident>, _ lifted: Restriction.Lifted, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<Restriction> {
        let incident = try await OpenedIncident.open(
            id, for: .lifting, ifUnchanged, within: reach, in: tx)
        incident.restrict(as: nil, to: nil, lifted.words.string, in: tx)
        return Created(tx.stored(shown(id, in: incident.school)))
    }

    static func breakGlass(
        _ made: BrokenGlass.Made, within reach: Reach, in tx: Transaction
    ) async throws -> Created<BrokenGlass> {
        try await checkMayBreak(made, within: reach, tx)
        let own = ID<BrokenGlass>()
        let opened = try await tx.run(
            "select break_glass(\(made.reference), \(own), \(made.words)) as school_id")
        guard opened.uuid(0, "school_id") != nil else { throw Problem(.notFound) }
        return Created(
            tx.stored(
                "select id, school_id, incident_id, until_at from broken_glass where id = \(own)"))
    }

    static func count(within reach: Reach, in tx: Transaction) -> Listed<RestrictedCount> {
        tx.listed(
            """
            select school_id, number from restricted_incidents_of_others()
            where school_id = any(\(reach.schools(.openToThePost)))
            """)
    }

    private static func shown(_ id: ID<Incident>, in school: ID<School>) -> SQL {
        "select * from restriction_shown where school_id = \(school) and incident_id = \(id)"
    }
}

extension OpenedIncident {
    /// Restricts it, or lifts that, in the caller's post.
    fileprivate func restrict(
        as kind: Restriction.Kind?, to people: [ID<Person>]?, _ words: String, in tx: Transaction
    ) {
        tx.add(
            """
            select restrict_incident(
                \(school), \(id), \(kind), \(people)::uuid[], \(words), \(role))
            """)
    }

    /// Throws unless all of them hold a post that reads incidents, none is its subject, and the
    /// caller is among them: who is in charge remains so.
    fileprivate func checkCanBeOpen(to people: [ID<Person>], _ tx: Transaction) async throws {
        let readers = [Role].incidentReaders
        let found = try await tx.run(
            """
            select
                array(
                    select person.id from person_listed as person
                    where person.school_id = \(school) and person.id = any(\(people))
                        and not is_subject(person.school_id, \(id), person._account_id)
                        and exists (
                            select from post
                            where post.school_id = person.school_id
                                and post._account_id = person._account_id
                                and post.role = any(\(readers)))
                ) as able,
                exists (
                    select from person_listed as person
                    where person.school_id = \(school) and person.id = any(\(people))
                        and person._account_id = caller_account()
                ) as has_caller
            """)
        let able = (found.uuids(0, "able") ?? []).map(ID<Person>.init)
        var faults = people.enumerated().filter { !able.contains($0.element) }.map { index, _ in
            JSONFault(
                pointer: "/people/\(index)", code: "cannot_read",
                detail: "Name somebody who holds a post that reads incidents, and whom it does "
                    + "not concern")
        }
        if found.bool(0, "has_caller") != true {
            faults.append(
                JSONFault(
                    pointer: "/people", code: "without_yourself",
                    detail: "Name yourself as well: somebody in charge must be among them"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
    }
}

extension Restricting {
    /// In a day somebody breaks the glass of this many incidents, at most.
    private static let mostInADay = 20

    /// Throws unless the incident is closed to the caller, and they have not done it too often.
    private static func checkMayBreak(
        _ made: BrokenGlass.Made, within reach: Reach, _ tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select
                exists (
                    select from incident_listed as incident
                    where incident.reference = \(made.reference)
                        and \(reach.sql(.openToThePost))
                ) as is_open,
                glass_broken_today() as often
            """)
        if found.bool(0, "is_open") == true {
            throw Problem(conflicts: [
                Fault(
                    pointer: "/reference", code: "already_open",
                    detail: "It is open to you: read it as any other")
            ])
        }
        guard let often = found.int(0, "often"), often < mostInADay else {
            throw Problem(
                .conflict, "You have broken the glass \(mostInADay) times in a day: ring a DSL.")
        }
    }
}
