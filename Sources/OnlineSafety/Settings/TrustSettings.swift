import JSON
import OpenAPI
import Postgres

/// What a trust says for its schools: a value where a school sets none, and a floor that none goes
/// below (ORG-01, ORG-09).
enum TrustSettings {
    static let routes: [Route] = [
        .get(
            "/v1/trusts/{trust}/settings", "List trust settings",
            "What the trust says of every setting today, and what it has planned.",
            for: readers.admitted(.ownTrust), by(list)),
        .get(
            "/v1/trusts/{trust}/settings/{setting}", "Read a trust setting",
            "What the trust says of it today.",
            for: readers.admitted(.ownTrust), by(read)),
        .put(
            "/v1/trusts/{trust}/settings/{setting}", "Set a trust setting",
            """
            Both parts at once: what is left out is none from then on. A school whose value is \
            weaker than the floor is held to it, without losing what it has set. Of who is told of \
            a report a trust sets a floor alone, which adds somebody and takes nobody away: 409 \
            `only_a_floor`. It is on record in each school, and a notice tells its headteacher and \
            its chair. Requires If-Match.
            """,
            for: [.trustAdministrator].admitted(.ownTrust), by(set)
        ).afterStepUp(),
    ]

    private static let readers: [Role] = [.trustViewer, .trustAdministrator]

    static func list(
        of trust: ID<Trust>, within reach: Reach, in tx: Transaction
    ) -> Listed<TrustSetting> {
        tx.listed(
            """
            \(shown)
            where setting.trust_id = \(trust) and \(reach.sql(.ownTrust))
            order by known.place
            """)
    }

    static func read(
        of trust: ID<Trust>, _ setting: Setting, within reach: Reach, in tx: Transaction
    ) -> Stored<TrustSetting> {
        tx.stored(one(setting, of: trust, reach))
    }

    static func set(
        of trust: ID<Trust>, _ setting: Setting, to choice: TrustSetting.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<TrustSetting> {
        let (value, floor) = try choice.read(of: setting)
        if case .posts = setting.kind, value != nil {
            throw Problem(conflicts: [
                Fault(
                    pointer: "/value", code: "only_a_floor",
                    detail: "Who is told of a report is each school's to say: set a floor, which "
                        + "adds to it")
            ])
        }
        let now = try await tx.run(
            """
            select one.*, coalesce(\(choice.effectiveOn)::date, london_today())
                between london_today() and london_today() + 731 as is_in_time
            from (\(one(setting, of: trust, reach))) as one
            """)
        guard let version = now.int(0, "_version") else { throw Problem(.notFound) }
        try ifMatch.check("\"\(version)\"")
        guard now.bool(0, "is_in_time") == true else { throw Problem([.notInTime()]) }
        tx.add(
            """
            insert into trust_setting (
                trust_id, name, version, value, floor, effective_on, set_by, set_by_name)
            values (
                \(trust), \(setting.name), \(version + 1), \(value)::jsonb, \(floor)::jsonb,
                coalesce(\(choice.effectiveOn)::date, london_today()), \(reach.caller.account),
                \(reach.caller.name))
            """)
        tx.add(
            Audit.entry(
                "trust_setting_changed", "trust", of: "\(trust)", id: "\(trust)",
                version: "\(version + 1)", from: "(values (1)) as once"))
        return tx.stored(one(setting, of: trust, reach))
    }

    private static func one(_ setting: Setting, of trust: ID<Trust>, _ reach: Reach) -> SQL {
        """
        \(shown)
        where setting.trust_id = \(trust) and setting.name = \(setting.name)
            and \(reach.sql(.ownTrust))
        """
    }

    private static let shown: SQL = """
        select setting.*, known.label, known.words, known.kind, known.choices, known.minimum,
            known.maximum, known.unit, known.stronger
        from trust_setting_shown as setting
        join \(Setting.described) using (name)
        """
}

extension TrustSetting.Choice {
    /// Both values as they are kept. Throws every fault; a floor where nothing is stronger is one.
    fileprivate func read(of setting: Setting) throws(Problem) -> (String?, String?) {
        var faults: [JSONFault] = []
        var kept: [String?] = []
        for (part, pointer) in [(value, "/value"), (floor, "/floor")] {
            guard let part else {
                kept.append(nil)
                continue
            }
            do throws(Problem) {
                kept.append(JSON.string(of: try setting.read(part, at: pointer)))
            } catch {
                faults += error.faults.map {
                    JSONFault(pointer: $0.pointer ?? "", code: $0.code, detail: $0.detail)
                }
            }
        }
        if floor != nil, setting.stronger == nil {
            faults.append(
                JSONFault(
                    pointer: "/floor", code: "not_comparable",
                    detail: "Of two values of this setting none is the stronger"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        return (kept[0], kept[1])
    }
}

extension JSONFault {
    /// A setting holds from today, or from a later day.
    static func notInTime(
        below pointer: String = "", within ahead: String = "two years"
    ) -> JSONFault {
        JSONFault(
            pointer: "\(pointer)/effective_on", code: "out_of_range",
            detail: "Give today or a day within \(ahead)")
    }
}

extension Relation {
    static let ownTrust = Relation(
        "own trust's settings", "What the caller's trust says for its schools (section 25)."
    ) { _, trusts in "setting.trust_id = any(\(trusts))" }
}
