import FoundationEssentials
import JSON
import Postgres

/// A version of an entry on its way into the register.
struct EntryWriting {
    let register: SmallRegister
    let school: ID<School>
    let id: ID<RegisterEntry>
    let version: Int
    let act: EntryAct
    let content: EntryContent
    let fromOn: String
    let untilOn: String?
    let reason: String?

    /// Adds it for the caller, with its entry in the audit.
    func write(by caller: Caller, in tx: Transaction) {
        tx.add(
            Audit.written(
                act.deed, register.kind,
                """
                insert into register_entry (
                    school_id, id, kind, version, act, content, from_on, until_on, people, reason,
                    written_by_name)
                values (
                    \(school), \(id), \(register.kind.description), \(version), \(act),
                    \(content.json)::jsonb, \(fromOn)::text::date, \(untilOn)::text::date,
                    \(content.people(of: register.fields))::uuid[], \(reason), \(caller.name))
                """))
    }
}

/// What a version must keep that only the database can tell: whom it names, its day, and what
/// stands against it as a whole.
struct EntryCheck {
    let register: SmallRegister
    let school: ID<School>

    /// Throws every fault of what is said, where something else was said before; the rules of the
    /// school come after. On another day than before, others may have permitted it.
    func check(
        _ content: EntryContent, insteadOf before: EntryContent = EntryContent(),
        changing names: [String], _ days: EntryDays,
        isNew: Bool = false, isAnotherDay: Bool = false, in tx: Transaction
    ) async throws {
        var faults = days.faults
        if register.time == .happened { faults += try await future(days, in: tx) }
        faults += early(content, days)
        if register.isAhead, isNew || isAnotherDay { faults += try await past(days, in: tx) }
        let changed = register.fields.filter { names.contains($0.key.stringValue) }
        faults += try await ahead(content, of: changed.filter(\.isPast), in: tx)
        for field in changed {
            faults += try await field.unknown(in: content, at: school, in: tx)
        }
        if register.namesNobody { faults += try await personal(content, of: changed, in: tx) }
        guard faults.isEmpty else { throw Problem(faults) }
        var against = register.standsAgainst(content)
        for field in register.fields {
            against += try await held(field, content, insteadOf: before, names, in: tx)
        }
        for field in isAnotherDay ? register.fields : changed {
            guard let purpose = field.permission else { continue }
            against += try await unpermitted(purpose, of: field, in: content, days, in: tx)
        }
        guard against.isEmpty else { throw Problem(conflicts: against) }
    }

    /// That a field waits until a device is held as evidence no more, or another is named instead
    /// of that (DEV-25).
    private func held(
        _ field: RegisterField, _ content: EntryContent, insteadOf before: EntryContent,
        _ names: [String], in tx: Transaction
    ) async throws -> [Fault] {
        guard let device = field.waitsFor else { return [] }
        let (named, was) = (content.text(device), before.text(device))
        guard named != nil || was != nil else { return [] }
        let found = try await tx.run(
            """
            select \(named)::text::uuid = any(devices_held()) as is_held,
                \(was)::text::uuid = any(devices_held()) as was_held
            """)
        let wasHeld = found.bool(0, "was_held") == true
        let name = field.key.stringValue
        var places: [String] = []
        if names.contains(name), content.has(name), wasHeld || found.bool(0, "is_held") == true {
            places.append(name)
        }
        if wasHeld, named != was { places.append(device) }
        return places.map { DeviceFault.stands("held", at: "/\($0)") }
    }

    private func future(_ days: EntryDays, in tx: Transaction) async throws -> [JSONFault] {
        let found = try await tx.run(
            "select \(days.from)::text::date > london_today() as is_to_come")
        guard found.bool(0, "is_to_come") == true else { return [] }
        return [
            JSONFault(
                pointer: "/happened_on", code: "in_the_future",
                detail: "Give today or a day before: it has happened")
        ]
    }

    /// The moments that lie ahead, of what has happened. Five minutes are allowed for clocks that
    /// differ.
    private func ahead(
        _ content: EntryContent, of fields: [RegisterField], in tx: Transaction
    ) async throws -> [JSONFault] {
        let said = fields.map(\.key.stringValue).compactMap { name in
            content.text(name).map { (name: name, at: $0) }
        }
        guard !said.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.name from unnest(\(said.map(\.name))::text[], \(said.map(\.at))::text[])
                as said (name, at)
            where said.at::timestamptz > rowan_now() + interval '5 minutes'
            """)
        return (0..<found.count).map { row in
            JSONFault(
                pointer: "/\(found.text(row, "name") ?? "")", code: "in_the_future",
                detail: "It cannot have happened yet")
        }
    }

    /// What would be over before the entry itself; days compare as text.
    private func early(_ content: EntryContent, _ days: EntryDays) -> [JSONFault] {
        register.fields.filter(\.isNotBefore).map(\.key.stringValue).filter { name in
            guard let day = content.text(name), let first = days.from else { return false }
            return day < first
        }.map {
            JSONFault(
                pointer: "/\($0)", code: "ends_before_it_begins",
                detail: "It ends before it begins")
        }
    }

    private func past(_ days: EntryDays, in tx: Transaction) async throws -> [JSONFault] {
        let found = try await tx.run(
            "select \(days.from)::text::date < london_today() as is_over")
        guard found.bool(0, "is_over") == true else { return [] }
        return [
            JSONFault(
                pointer: "/from_on", code: "not_beforehand",
                detail: "It is arranged beforehand: give today or a day after")
        ]
    }

    /// The places of a field at which somebody stands of whom something is not permitted on the day
    /// of the entry. It is the answer that everybody has who works with pupils, which never says
    /// why (CON-05); whoever has no answer is told that all are not.
    private func unpermitted(
        _ purpose: ConsentPurpose, of field: RegisterField, in content: EntryContent,
        _ days: EntryDays, in tx: Transaction
    ) async throws -> [Fault] {
        let ids = content.texts(field.key.stringValue)
        guard !ids.isEmpty else { return [] }
        let found = try await tx.run(
            """
            with answer as materialized (
                select * from consent_answers(
                    \(school), \(ids)::text[]::uuid[], array[\(purpose)]::text[],
                    \(days.from)::text::date)
            )
            select said.place::integer as place
            from unnest(\(ids)::text[]) with ordinality as said (id, place)
            left join answer on answer.person_id = said.id::uuid
            where not coalesce(answer.is_allowed, false)
            order by said.place
            """)
        return (0..<found.count).map { row in
            Fault(
                pointer: "/\(field.key.stringValue)/\((found.int(row, "place") ?? 1) - 1)",
                code: "not_permitted",
                detail: "It may not be done with them, as consents stand on that day")
        }
    }

    /// What anybody may read names posts, and nobody (X-07).
    private func personal(
        _ content: EntryContent, of fields: [RegisterField], in tx: Transaction
    ) async throws -> [JSONFault] {
        let texts = fields.map(\.key.stringValue).compactMap { name in
            content.text(name).map { (name: name, text: $0) }
        }
        let found = try await tx.run(
            """
            select said.place::integer as place
            from unnest(\(texts.map(\.text))::text[]) with ordinality as said (words, place)
            where names_one_of_the_roster(\(school), said.words)
            order by said.place
            """)
        return (0..<found.count).map { row in
            JSONFault(
                pointer: "/\(texts[(found.int(row, "place") ?? 1) - 1].name)",
                code: "names_a_person",
                detail: "Name the post: anybody may read this, and nobody's name belongs here")
        }
    }
}

extension EntryAct {
    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .recorded: "entry_recorded"
        case .corrected: "entry_corrected"
        case .withdrawn: "entry_withdrawn"
        }
    }
}
