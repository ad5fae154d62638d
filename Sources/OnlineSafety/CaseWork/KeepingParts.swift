import FoundationEssentials
import JSON
import Postgres

/// What can be done with the parts of one kind.
enum KeepingParts<Kind: CasePartKind> {
    static var routes: [Route] {
        let part = Kind.part
        let one = "\(part.address)/{part}"
        let readers = part.readers.isEmpty ? Record.readers : part.readers.admitted(.openToThePost)
        let writers = part.writers.isEmpty ? readers : part.writers.admitted(.openToThePost)
        let reading: [Route] = [
            .get(
                part.address, "List \(part.many) of an incident",
                "\(part.words) The reading is on record.", for: readers, onRecord: true, by(list)),
            .post(
                part.address, "Put down \(part.anyOne)", part.words, for: writers, by(put)
            ).takingBodies(upTo: 128 << 10),
        ]
        guard !part.isFinal else { return reading }
        return reading + [
            .put(
                one, "Correct \(part.anyOne)", "A new version beside the one before.",
                for: writers, by(correct)
            ).takingBodies(upTo: 128 << 10),
            .delete(
                one, "Withdraw \(part.anyOne)",
                "It was put down by mistake; what was written stays in the history.",
                for: writers, by(withdraw)),
        ]
    }

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<CasePartShown<Kind>> {
        try await Record.list(
            CasePartShown<Kind>.rows, of: id, by: "part.recorded_at, part.id", reach, tx)
    }

    static func put(
        in id: ID<Incident>, _ said: CasePartSaid<Kind>, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<CasePartShown<Kind>> {
        let incident = try await opened(id, ifUnchanged, reach, tx)
        try await incident.check(said.content, of: Kind.part, in: tx)
        try await incident.hasRoom(forAnother: Kind.part, in: tx)
        let own = UUID()
        tx.add(incident.putting(Kind.part, as: own, version: 1, said.content))
        try await Kind.part.effects(said.content, incident, reach.caller, tx)
        if Kind.part.act != .recording { incident.move(by: Kind.part.act, nil, in: tx) }
        if let step = Kind.part.receipts(said.content) {
            incident.receipts(moveOnTo: step, in: tx)
        }
        return Created(tx.stored(shown(own, in: incident)))
    }

    static func correct(
        in id: ID<Incident>, _ own: ID<CasePartShown<Kind>>, to said: CasePartSaid<Kind>,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<CasePartShown<Kind>> {
        let incident = try await opened(id, nil, reach, tx)
        let version = try await version(of: own.uuid, ifMatch, in: incident, tx)
        try await incident.check(said.content, of: Kind.part, in: tx)
        tx.add(incident.putting(Kind.part, as: own.uuid, version: version + 1, said.content))
        return tx.stored(shown(own.uuid, in: incident))
    }

    static func withdraw(
        in id: ID<Incident>, _ own: ID<CasePartShown<Kind>>, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Done {
        let incident = try await opened(id, nil, reach, tx)
        let version = try await version(of: own.uuid, ifMatch, in: incident, tx)
        tx.add(incident.withdrawing(own.uuid, version))
        return Done()
    }

    /// The incident, for whoever may put down a part of the kind: correcting moves nothing on.
    private static func opened(
        _ id: ID<Incident>, _ ifUnchanged: IfUnchanged?, _ reach: Reach, _ tx: Transaction
    ) async throws -> OpenedIncident {
        let incident = try await OpenedIncident.open(
            id, for: ifUnchanged == nil ? .recording : Kind.part.act,
            ifUnchanged ?? IfUnchanged(version: nil), within: reach, in: tx)
        let writers = Kind.part.writers
        guard
            writers.isEmpty
                || writers.contains(where: { reach.caller.holds($0, in: incident.school) })
        else {
            throw Problem(.forbidden)
        }
        return incident
    }

    private static func version(
        of own: UUID, _ ifMatch: IfMatch, in incident: OpenedIncident, _ tx: Transaction
    ) async throws -> Int {
        let found = try await tx.run(
            """
            select part.etag, part._version as version from incident_part_shown as part
            where part.school_id = \(incident.school) and part._incident_id = \(incident.id)
                and part._kind = \(Kind.part.kind.description) and part.id = \(own)
            """)
        guard let etag = found.text(0, "etag"), let version = found.int(0, "version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        return version
    }

    private static func shown(_ own: UUID, in incident: OpenedIncident) -> SQL {
        """
        select part.* from \(CasePartShown<Kind>.rows) as part
        where part.school_id = \(incident.school) and part._incident_id = \(incident.id)
            and part.id = \(own)
        """
    }
}

extension OpenedIncident {
    /// Throws every fault of what is said, and after them all that stands against it.
    func check(_ content: EntryContent, of part: CasePart, in tx: Transaction) async throws {
        var faults: [JSONFault] = []
        for field in part.fields {
            faults += try await field.unknown(in: content, at: school, of: id, in: tx)
        }
        guard faults.isEmpty else { throw Problem(faults) }
        try await checkIsPast(
            part.fields.filter(\.isPast).map { field in
                (
                    "/\(field.key.stringValue)",
                    content.text(field.key.stringValue).flatMap(Instant.init)
                )
            }, in: tx)
        let against = try await part.standsAgainst(content, self, tx)
        guard against.isEmpty else { throw Problem(conflicts: against) }
    }

    /// Throws `conflict` when the record has as many parts of the kind as one record may have.
    func hasRoom(forAnother part: CasePart, in tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select count(*) as number from incident_part as part
            where part.school_id = \(school) and part.incident_id = \(id) and part.version = 1
                and part.kind = \(part.kind.description)
            """)
        guard let number = found.int(0, "number"), number < part.most else {
            throw Problem(.conflict, "A record has at most \(part.most) of these.")
        }
    }

    /// A version of a part.
    func putting(
        _ part: CasePart, as own: UUID, version: Int, _ content: EntryContent
    ) -> SQL {
        putting(
            part.kind, as: own, version: version, content.json,
            naming: content.people(of: part.fields), or: part.involved(in: content),
            at: content.text("happened_at"))
    }

    /// The same of a kind that is no value: `content` is its JSON. Those involved are named by
    /// their place in the record, and kept as the persons that they are.
    func putting(
        _ kind: StaticString, as own: UUID, version: Int, _ content: String,
        naming people: [UUID] = [], or involved: [UUID] = [], at happened: String? = nil
    ) -> SQL {
        Audit.written(
            version == 1 ? "part_written" : "part_corrected", "incident_part",
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, people, happened_at, role)
            values (
                \(school), \(id), \(own), \(version), \(kind.description), \(content)::jsonb,
                \(people)::uuid[] || array(
                    select involved.person_id from involvement_shown as involved
                    where involved.school_id = \(school) and involved._incident_id = \(id)
                        and involved.id = any (\(involved)::uuid[])
                        and involved.person_id is not null),
                \(happened)::text::timestamptz, \(role))
            """)
    }

    /// The last version of a part: what the one before said, and that it is withdrawn.
    func withdrawing(_ own: UUID, _ version: Int) -> SQL {
        Audit.written(
            "part_withdrawn", "incident_part",
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, people, happened_at, role,
                is_withdrawn)
            select school_id, incident_id, id, version + 1, kind, content, people, happened_at,
                \(role), true
            from incident_part
            where school_id = \(school) and incident_id = \(id) and id = \(own)
                and version = \(version)
            """)
    }
}

extension CasePart {
    /// Those involved whom it names, by their places in the record.
    fileprivate func involved(in content: EntryContent) -> [UUID] {
        let places = fields.flatMap { field -> [String] in
            guard case .involved? = field.reference else { return [] }
            return content.texts(field.key.stringValue)
        }
        return places.compactMap(UUID.init(uuidString:))
    }
}
