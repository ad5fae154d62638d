import JSON
import Postgres

/// What schools set for themselves, and their trusts for them; each setting explains itself.
enum Settings {
    static let area = Area(
        name: "Settings",
        words: "What each school sets for itself, and what its trust says of it.",
        routes: [
            .get(
                "/v1/schools/{school}/settings", "List settings",
                """
                Each as it holds today, and why: whose value it is, since when, by whom, what it \
                was before and what is planned.
                """,
                for: [Role].settingReaders.admitted(.ownSettings), by(list)),
            .get(
                "/v1/schools/{school}/settings/{setting}", "Read a setting",
                "As it holds today, and why.",
                for: [Role].settingReaders.admitted(.ownSettings), by(read)),
            .get(
                "/v1/schools/{school}/settings/{setting}/history", "List the history of a setting",
                "What the school has set, the newest first, at most the latest two hundred.",
                for: [Role].settingReaders.admitted(.ownSettings), by(history)),
            .put(
                "/v1/schools/{school}/settings/{setting}", "Set a setting",
                """
                By the headteacher, from today or from a later day. What is weaker than the floor \
                of the trust is refused (422 `below_the_floor`), and so is what would leave nobody \
                to be told (422 `held_by_nobody`, 409 `last_dsl`, `last_report_taker`, \
                `last_of_the_head`). What alters who receives a report about its author is 409 \
                `second_person_needed`: propose it. Earlier values stay in the history. Requires \
                If-Match.
                """,
                for: [.headteacher].admitted(.ownSettings), by(set)
            ).afterStepUp(),
        ] + TrustSettings.routes,
        conflicts: [
            "setting_is_changed_once_at_a_time": "Somebody else changed this setting just now.",
            "trust_setting_is_changed_once_at_a_time":
                "Somebody else changed this setting just now.",
            "rule_is_set_once_at_a_time": "Somebody else set this just now.",
        ],
        vocabularies: [
            Vocabulary("setting_sources", SettingShown.Source.self),
            Vocabulary("setting_comparisons", Setting.Stronger.self),
        ],
        deeds: ["setting_changed", "trust_setting_changed"],
        unlikeTheirEntries: ["select school_id, id from rule_unlike_its_entry"])

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<SettingShown> {
        tx.listed(
            """
            \(shown)
            where setting.school_id = \(school) and \(reach.sql(.ownSettings))
            order by known.place
            """)
    }

    static func read(
        of school: ID<School>, _ setting: Setting, within reach: Reach, in tx: Transaction
    ) -> Stored<SettingShown> {
        tx.stored(one(setting, of: school, reach))
    }

    static func history(
        of school: ID<School>, _ setting: Setting, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<SettingVersion> {
        guard reach.schools(.ownSettings).contains(school) else { throw Problem(.notFound) }
        return tx.listed(
            """
            select setting.school_id, setting.name, setting.version, setting.value,
                setting.effective_on, setting.set_by_name as set_by, setting.set_at
            from setting
            where setting.school_id = \(school) and setting.name = \(setting.name)
                and \(reach.sql(.ownSettings))
            order by setting.version desc
            limit 200
            """)
    }

    static func set(
        of school: ID<School>, _ setting: Setting, to choice: SettingChoice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<SettingShown> {
        let now = try await tx.run(one(setting, of: school, reach))
        guard let version = now.int(0, "_version") else { throw Problem(.notFound) }
        try ifMatch.check("\"\(version)\"")
        try await change(
            of: setting, to: choice.value, from: choice.effectiveOn, at: school, in: tx
        ).make(at: school, reach.caller, in: tx)
        return tx.stored(one(setting, of: school, reach))
    }

    /// The change that sets it. Throws what is wrong with the value or the day, and what stands
    /// against them.
    static func change(
        of setting: Setting, to value: JSONValue, from day: Day?, at school: ID<School>,
        below pointer: String = "", in tx: Transaction
    ) async throws -> SchoolChange {
        let value = JSON.string(of: try setting.read(value, at: "\(pointer)/value"))
        let limits = try await tx.run(setting.limits(on: value, from: day, at: school))
        try check(limits, at: pointer)
        return .setting(
            setting, to: value, version: (limits.int(0, "version") ?? 0) + 1,
            from: limits.text(0, "day") ?? "")
    }

    /// Throws what is wrong with the day, and what stands against the value.
    private static func check(_ limits: Answer, at pointer: String) throws(Problem) {
        if limits.bool(0, "is_in_time") != true {
            throw Problem([.notInTime(below: pointer)])
        }
        var faults: [Fault] = []
        if limits.bool(0, "is_weaker") == true {
            faults.append(
                Fault(
                    pointer: "\(pointer)/value", code: "below_the_floor",
                    detail: "The school's trust has set a floor, and this is weaker"))
        }
        if limits.bool(0, "is_held") != true {
            faults.append(
                Fault(
                    pointer: "\(pointer)/value", code: "held_by_nobody",
                    detail: "Nobody who could do it holds any of these posts: name another "
                        + "besides"))
        }
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }

    private static func one(_ setting: Setting, of school: ID<School>, _ reach: Reach) -> SQL {
        """
        \(shown)
        where setting.school_id = \(school) and setting.name = \(setting.name)
            and \(reach.sql(.ownSettings))
        """
    }

    private static let shown: SQL = """
        select setting.*, known.label, known.words, known.kind, known.choices, known.minimum,
            known.maximum, known.unit, known.stronger
        from setting_shown as setting
        join \(Setting.described) using (name)
        """
}

extension Setting {
    /// What is declared of every setting, as rows.
    static let described: SQL = """
        jsonb_to_recordset(\(JSON.string(of: JSONValue.array(all.enumerated().map(description))))\
        ::jsonb) as known (
            place integer, name text, label text, words text, kind text, choices text[],
            minimum integer, maximum integer, unit text, stronger text)
        """

    private static func description(place: Int, _ setting: Setting) -> JSONValue {
        var object = JSONObject([
            .init("place", .number(JSONNumber(place))), .init("name", .string(setting.name)),
            .init("label", .string(setting.label)), .init("words", .string(setting.words)),
            .init("kind", .string(setting.kind.name)),
        ])
        object["stronger"] = setting.stronger.map { .string($0.rawValue) }
        if case .number(let bounds, let unit) = setting.kind {
            object["minimum"] = .number(JSONNumber(bounds.lowerBound))
            object["maximum"] = .number(JSONNumber(bounds.upperBound))
            object["unit"] = .string(unit)
        }
        let choices = setting.kind.choices
        if !choices.isEmpty { object["choices"] = .array(choices.map { .string($0) }) }
        return .object(object)
    }

    /// What limits a value in a school from a day: whether the day is in time, whether the value is
    /// weaker than a floor of that day, and whether somebody holds one of its posts: where they are
    /// those who are told of reports, somebody who could open one.
    fileprivate func limits(on value: String, from day: Day?, at school: ID<School>) -> SQL {
        let posts = if case .posts = kind { value } else { nil as String? }
        return """
            select day::text, (
                    select coalesce(max(version), 0)::integer from setting
                    where setting.school_id = \(school) and setting.name = \(name)
                ) as version,
                day between london_today() and london_today() + 731 as is_in_time,
                held_to(\(value)::jsonb, (setting_on(\(school), \(name), day)).floor, known)
                    <> \(value)::jsonb as is_weaker,
                \(posts)::jsonb is null or exists (
                    select from post
                    where post.school_id = \(school) and \(posts)::jsonb ? post.role
                        and (place_on_the_ladder(post.role) is not null
                            or known.stronger is distinct from 'all_of')) as is_held
            from setting_default as known
            cross join coalesce(\(day)::date, london_today()) as day
            where known.name = \(name)
            """
    }
}

extension Relation {
    static let ownSettings = Relation(
        "own school's settings", "Settings of the schools in which the post is held (ORG-09)."
    ) { _, schools in "setting.school_id = any(\(schools))" }
}
