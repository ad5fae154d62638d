import Postgres

/// An entry taken in hand, to be changed.
struct OpenedEntry {
    let id: ID<RegisterEntry>
    let register: SmallRegister
    let school: ID<School>
    let version: Int
    let content: EntryContent
    let fromOn: String
    let untilOn: String?
    private let isWithdrawn: Bool

    /// `nil` where the statement found none.
    init?(_ id: ID<RegisterEntry>, _ register: SmallRegister, _ found: Answer) {
        guard let school = found.uuid(0, "school_id"), let version = found.int(0, "version"),
            let content = found.text(0, "content"), let first = found.text(0, "from_on")
        else { return nil }
        (self.id, self.register, self.school) = (id, register, ID(school))
        (self.version, self.content) = (version, EntryContent(text: content))
        (fromOn, untilOn) = (first, found.text(0, "until_on"))
        isWithdrawn = found.bool(0, "is_withdrawn") == true
    }

    /// Throws `conflict` of what was withdrawn.
    func checkStands() throws(Problem) {
        guard !isWithdrawn else {
            throw Problem(.conflict, "This entry was withdrawn: record another.")
        }
    }

    /// Throws `conflict` where it would end, or go, and the school would be left without one.
    func checkSuccessor(from last: String?, in tx: Transaction) async throws {
        guard register.needsSuccessor else { return }
        let found = try await tx.run(
            """
            select from register_entry_shown as other
            cross join (
                select greatest(london_today(), \(last)::text::date + 1) as day
            ) as next
            where other.school_id = \(school) and other._kind = \(register.kind.description)
                and other.id <> \(id) and not other.is_withdrawn and other._from_on <= next.day
                and (other._until_on is null or other._until_on >= next.day)
            """)
        guard found.isEmpty else { return }
        throw Problem(conflicts: [
            Fault(
                pointer: last == nil ? "" : "/until_on", code: "last_one",
                detail: "Nobody would be left in charge: record first who takes over")
        ])
    }

    /// The version after this one.
    func next(
        _ act: EntryAct, _ content: EntryContent, _ first: String, _ last: String?,
        _ reason: String?
    ) -> EntryWriting {
        EntryWriting(
            register: register, school: school, id: id, version: version + 1, act: act,
            content: content, fromOn: first, untilOn: last, reason: reason)
    }
}
