import JSON
import Postgres

/// The small registers: what is in force at a school, and what happened there, each a dated entry
/// of some kind.
enum Registers {
    static let area = Area(
        name: "Registers",
        words: "Small registers of a school: dated entries that are corrected, never erased.",
        routes: kinds.flatMap { routes(of: $0) } + [PublishedChannels.route, RegisterGap.route],
        conflicts: [
            "register_entry_is_changed_once_at_a_time": "Somebody else changed this entry just now."
        ],
        faults: [
            "must_be_reported":
                "The Information Commissioner is told, unless a risk is decided to be unlikely"
        ],
        vocabularies: [
            Vocabulary("register_acts", EntryAct.self),
            Vocabulary("register_gaps", RegisterGap.Kind.self),
        ] + vocabularies,
        deeds: EntryAct.allCases.map(\.deed.description),
        unlikeTheirEntries: ["select school_id, id from register_unlike_its_entry"],
        toDo: [DataBreach.toAnswer],
        duties: [
            DutyKind(
                kind: "breach_to_report",
                words: "A breach of personal data is to be reported, or decided not to be",
                link: "/v1/data-breaches/{record}"),
            DutyKind(
                kind: "breach_to_tell",
                words: "The people concerned are to be told of a breach of high risk",
                link: "/v1/data-breaches/{record}"),
        ],
        chronology: [.ofRegisters],
        holds: [.registers])

    private static func routes<Kind: RegisterKind>(of _: Kind.Type) -> [Route] {
        Keeping<Kind>.routes
    }
}

/// What can be done with the entries of one kind.
enum Keeping<Kind: RegisterKind> {
    static var routes: [Route] {
        let register = Kind.register
        let (readers, writers) = (
            register.readers.admitted(.ownRegister), register.writers.admitted(.ownRegister)
        )
        let recorders = register.recorders.admitted(.ownEntries)
        // Who wrote what is nothing for temporary staff, who read what is in force (SEC-08).
        let historians = readers.filter { $0.role != .temporaryStaff }
        let one = "\(register.path)/{entry}"
        return [
            .get(
                register.path, "List \(register.many)",
                """
                \(register.words) Those that were withdrawn are listed only when asked for. Taking \
                it as a table is on record.
                """,
                for: readers + recorders, by(list)
            ).recordingTables(),
            .post(
                register.path, "Record \(register.anyOne)", register.words,
                for: writers + recorders, by(record)),
            .get(
                one, "Read \(register.anyOne)", "As it stands.", for: readers + recorders,
                by(read)),
            .patch(
                one, "Correct \(register.anyOne)", register.wordsOfCorrecting, for: writers,
                by(correct)),
            .post(
                "\(one)/withdrawal", "Withdraw \(register.anyOne)",
                "Where it ought not to be there. It stays on record, with the reason.",
                for: writers, by(withdraw)
            ).takingBodies(upTo: 8 << 10),
            .get(
                "\(one)/versions", "List the versions of \(register.anyOne)",
                "What it said, who said so and when; the latest hundred, the newest first.",
                for: historians, by(versions)),
        ]
    }

    static func list(
        _ filter: EntryFilter<Kind>, _ page: PageRequest<EntryOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<EntryShown<Kind>> {
        tx.page(page, onRecord: page.asTable(Kind.register.kind.description)) { page in
            page.rows(
                of: EntryShown<Kind>.rows, as: "entry", .ownRegister, or: .ownEntries,
                within: reach, where: filter.sql)
        }
    }

    static func read(
        _ id: ID<RegisterEntry>, within reach: Reach, in tx: Transaction
    ) -> Stored<EntryShown<Kind>> {
        tx.stored(one(id, reach))
    }

    static func versions(
        _ id: ID<RegisterEntry>, within reach: Reach, in tx: Transaction
    ) -> Listed<EntryVersion<Kind>> {
        tx.listed(
            """
            select entry.* from \(EntryVersion<Kind>.rows) as entry
            where entry.id = \(id) and \(reach.sql(.ownRegister))
            order by entry.version desc
            limit 100
            """)
    }

    static func record(
        _ said: EntrySaid<Kind>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<EntryShown<Kind>> {
        let school = try reach.school(said.schoolID, .ownRegister, or: .ownEntries)
        let today = try await tx.run("select london_today()::text as today")
        let first = said.fromOn?.string ?? today.text(0, "today") ?? ""
        let days = EntryDays(first, said.untilOn?.string)
        try await EntryCheck(register: Kind.register, school: school).check(
            said.content, changing: Array(said.content.values.keys), days, isNew: true, in: tx)
        let id = ID<RegisterEntry>()
        EntryWriting(
            register: Kind.register, school: school, id: id, version: 1, act: .recorded,
            content: said.content, fromOn: first,
            untilOn: Kind.register.time == .happened ? first : days.until, reason: nil
        ).write(by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func correct(
        _ id: ID<RegisterEntry>, by correction: EntryCorrection<Kind>, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<EntryShown<Kind>> {
        let kept = try await opened(id, reach, in: tx)
        try ifMatch.check("\"\(kept.version)\"")
        try kept.checkStands()
        let content = kept.content.changed(by: correction.changes)
        let faults = Kind.register.faults(content)
        guard faults.isEmpty else { throw Problem(faults) }
        let first: String =
            if case .value(let day) = correction.fromOn { day.string } else { kept.fromOn }
        let last: String? =
            switch correction.untilOn {
            case .absent: Kind.register.time == .happened ? first : kept.untilOn
            case .null: nil
            case .value(let day): day.string
            }
        try await EntryCheck(register: Kind.register, school: kept.school).check(
            content, insteadOf: kept.content, changing: Array(correction.changes.keys),
            EntryDays(first, last), isAnotherDay: first != kept.fromOn, in: tx)
        if let last, last != kept.untilOn { try await kept.checkSuccessor(from: last, in: tx) }
        kept.next(.corrected, content, first, last, correction.reason?.string)
            .write(by: reach.caller, in: tx)
        return tx.stored(one(id, reach))
    }

    static func withdraw(
        _ id: ID<RegisterEntry>, _ withdrawal: EntryWithdrawal, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<EntryShown<Kind>> {
        let kept = try await opened(id, reach, in: tx)
        try kept.checkStands()
        try await kept.checkSuccessor(from: nil, in: tx)
        kept.next(
            .withdrawn, kept.content, kept.fromOn, kept.untilOn, withdrawal.reason.string
        ).write(by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    /// The entry as it stands, with the school held, so that nobody changes it meanwhile.
    private static func opened(
        _ id: ID<RegisterEntry>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedEntry {
        tx.add(
            """
            select hold_school(entry.school_id) from \(EntryShown<Kind>.rows) as entry
            where entry.id = \(id) and \(reach.sql(.ownRegister))
            """)
        let found = try await tx.run(
            """
            select entry.school_id, entry._version as version, entry.is_withdrawn,
                entry._content::text as content, entry._from_on::text as from_on,
                entry._until_on::text as until_on
            from \(EntryShown<Kind>.rows) as entry
            where entry.id = \(id) and \(reach.sql(.ownRegister))
            """)
        guard let kept = OpenedEntry(id, Kind.register, found) else { throw Problem(.notFound) }
        return kept
    }

    private static func one(_ id: ID<RegisterEntry>, _ reach: Reach) -> SQL {
        """
        select entry.* from \(EntryShown<Kind>.rows) as entry
        where entry.id = \(id) and \(reach.sql(.ownRegister, or: .ownEntries))
        """
    }
}

extension SmallRegister {
    fileprivate var wordsOfCorrecting: String {
        let ending = time == .inForce ? " `until_on` ends it." : ""
        return "A new version, beside those before it.\(ending) Requires If-Match."
    }
}

extension Relation {
    static let ownRegister = Relation(
        "own school's registers",
        "Entries of the schools in which the post is held (section 25)."
    ) { _, schools in "entry.school_id = any(\(schools))" }

    static let ownEntries = Relation(
        "own entries",
        "Entries that the caller recorded, of a register of which they read no others (section 25)."
    ) { _, schools in
        """
        (
            entry.school_id = any(\(schools))
            and entry.id = any((select entries_of_the_caller())::uuid[]))
        """
    }
}
