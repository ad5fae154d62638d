import Postgres

/// Something that each school sets for itself, as the routes of every setting read and set it: a
/// value holds from a day on, by somebody, and the earlier ones stay (ORG-09).
struct Setting: Sendable {
    private let name: StaticString
    private let shown: SQL

    /// `value` is what of the setting's JSON is shown, and `shownAs` the field in which it is.
    init(_ name: StaticString, shownAs field: SQL, _ value: () -> SQL) {
        self.name = name
        shown = "\(value()) as \(field)"
    }

    /// As it stands today, in a school where the caller may know it.
    func inForce(at school: ID<School>, _ reach: Reach) -> SQL {
        """
        select setting.school_id, \(shown), setting.effective_on, setting.set_at,
            setting.version as _version, '"' || setting.version || '"' as etag
        from setting_in_force as setting
        where setting.name = \(name.description) and setting.school_id = \(school)
            and \(reach.sql(.ownSettings))
        """
    }

    /// The number of the version to come, where the one that was read still stands: 404 where the
    /// caller may not know it, 412 where somebody was quicker.
    func next(
        at school: ID<School>, _ ifMatch: IfMatch, _ reach: Reach, in tx: Transaction
    ) async throws -> Int {
        let now = try await tx.run(inForce(at: school, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        return version + 1
    }

    /// Sets it from today, on record; `value` is an expression for its JSON.
    func set<Value: Resource>(
        _ version: Int, _ value: SQL, at school: ID<School>, _ reach: Reach, in tx: Transaction
    ) -> Stored<Value> {
        tx.add(
            """
            insert into setting (school_id, name, version, value, effective_on, set_by)
            values (
                \(school), \(name.description), \(version), \(value), london_today(),
                \(reach.caller.account))
            """)
        tx.add(
            Audit.entry(
                "setting_changed", "school", of: "\(school)", id: "\(school)",
                version: "\(version)", from: "(values (1)) as once"))
        return tx.stored(inForce(at: school, reach))
    }
}
