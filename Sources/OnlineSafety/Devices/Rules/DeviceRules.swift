import JSON
import OpenAPI
import Postgres

/// What a school permits to which class of device, and whose own may be used where and when; in
/// versions, each from a day on (DEV-02, DEV-18).
enum DeviceRules {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/device-matrix", "Read the device matrix",
            """
            What is permitted to each class of device: six classes by four permissions (DEV-02). \
            Of a cell that is not there nobody has decided; a school that has set nothing has \
            none.
            """,
            for: [Role].ofASchool.admitted(.ownDeviceRules), by(readMatrix)),
        .put(
            "/v1/schools/{school}/device-matrix", "Set the device matrix",
            "All of it at once, from a day on. What held before is kept. Requires If-Match.",
            for: Devices.rulers.admitted(.ownDeviceRules), by(setMatrix)),
        .get(
            "/v1/schools/{school}/device-use-rules", "Read the rules of use of personal devices",
            """
            Whose own phones and devices may be used where and when, and what is kept with each \
            that is declared (DEV-18, DEV-34).
            """,
            for: [Role].ofASchool.admitted(.ownDeviceRules), by(readUse)),
        .put(
            "/v1/schools/{school}/device-use-rules", "Set the rules of use of personal devices",
            "All of them at once, from a day on. What held before is kept. Requires If-Match.",
            for: Devices.rulers.admitted(.ownDeviceRules), by(setUse)),
    ]

    static func readMatrix(
        of school: ID<School>, _ asked: DeviceRulesOn, within reach: Reach, in tx: Transaction
    ) -> Stored<DeviceMatrix> {
        tx.stored(matrix(school, asked.day, reach))
    }

    static func setMatrix(
        of school: ID<School>, to said: DeviceMatrix.Said, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<DeviceMatrix> {
        let version = try await version(
            of: matrix(school, nil, reach), ifMatch, from: said.fromOn, in: tx)
        write(
            "matrix", version, JSON.string(of: said.cells), from: said.fromOn, at: school,
            by: reach.caller, in: tx)
        return tx.stored(matrix(school, said.fromOn, reach))
    }

    static func readUse(
        of school: ID<School>, _ asked: DeviceRulesOn, within reach: Reach, in tx: Transaction
    ) -> Stored<UseRules> {
        tx.stored(use(school, asked.day, reach))
    }

    static func setUse(
        of school: ID<School>, to said: UseRules.Said, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<UseRules> {
        let version = try await version(
            of: use(school, nil, reach), ifMatch, from: said.fromOn, in: tx)
        let content = UseContent(statement: said.statement, rules: said.rules)
        write(
            "use", version, JSON.string(of: content), from: said.fromOn, at: school,
            by: reach.caller, in: tx)
        return tx.stored(use(school, said.fromOn, reach))
    }

    /// What is kept of the rules of use.
    private struct UseContent: Encodable {
        let statement: Text<1000>?
        let rules: Few<UseRule, 100>
    }

    /// The number of the version to come, which holds from no day that is over: what held then
    /// stays what it was.
    private static func version(
        of now: SQL, _ ifMatch: IfMatch, from day: Day?, in tx: Transaction
    ) async throws -> Int {
        let found = try await tx.run(
            """
            select rule.*, coalesce(\(day)::date < london_today(), false) as _is_over
            from (\(now)) as rule
            """)
        guard let etag = found.text(0, "etag"), let version = found.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        guard found.bool(0, "_is_over") != true else {
            throw Problem([
                JSONFault(
                    pointer: "/from_on", code: "out_of_range", detail: "Today, or a day to come")
            ])
        }
        return version + 1
    }

    private static func write(
        _ kind: String, _ version: Int, _ content: String, from day: Day?, at school: ID<School>,
        by caller: Caller, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                "device_rules_set", "device_rule",
                """
                insert into device_rule (
                    school_id, id, kind, version, from_on, content, set_by_name)
                values (
                    \(school), \(ID<DeviceMatrix>()), \(kind), \(version),
                    coalesce(\(day)::date, london_today()), \(content)::jsonb, \(caller.name))
                """))
    }

    private static func matrix(_ school: ID<School>, _ day: Day?, _ reach: Reach) -> SQL {
        rules(
            "matrix", "coalesce(rule.content, '[]') as cells", school, day, reach)
    }

    private static func use(_ school: ID<School>, _ day: Day?, _ reach: Reach) -> SQL {
        rules(
            "use",
            """
            coalesce(rule.content ->> 'statement', \(UseRules.usualStatement)) as statement,
            coalesce(rule.content -> 'rules', '[]') as rules
            """, school, day, reach)
    }

    private static func rules(
        _ kind: String, _ content: SQL, _ school: ID<School>, _ day: Day?, _ reach: Reach
    ) -> SQL {
        """
        select school.id as school_id, rule.from_on, \(content), rule.set_by_name as set_by,
            rule.set_at, '"' || count.versions || '"' as etag, count.versions as _version
        from school
        cross join lateral (
            select device_rule_versions(school.id, \(kind)) as versions
        ) as count
        left join lateral device_rule_on(
            school.id, \(kind), coalesce(\(day)::date, london_today())) as rule on true
        where school.id = \(school) and \(reach.sql(.ownDeviceRules))
        """
    }
}

/// On which day rules are asked for.
struct DeviceRulesOn: Filter {
    let day: Day?

    init(_ query: inout QueryReader) { day = query.day("on") }

    static let parameters: [Parameter] = [
        .query(
            "on", "As they hold on this day; today when not given.", .text(format: "date"),
            "2026-11-20")
    ]
}

extension Relation {
    static let ownDeviceRules = Relation(
        "own school's device rules",
        "What is permitted to devices in the schools in which the post is held (section 25)."
    ) { _, schools in "school.id = any(\(schools))" }
}
