import Postgres

/// What is owed and was put before nobody yet: for somebody to issue, or, where a school has chosen
/// so, for the worker, which does it by functions of the database alone (AGR-11).
enum Issuing {
    /// What those have to issue who keep agreements, also where nothing goes out of itself.
    static let toDo = ToDo(
        kind: "agreement_to_issue", words: "An agreement that is owed, and to be issued",
        roles: Agreements.keepers,
        link: "/v1/agreements?school_id={school}&state=owed,expired,superseded"
    ) { _, schools in
        """
        select own.school_id, owed.due_on
        from unnest(\(schools)::uuid[]) as own (school_id)
        cross join lateral agreements_to_issue(own.school_id) as owed
        """
    }

    static let settings =
        [
            choice("pupils", "Issuing to pupils", "pupils owe, or their parents for them,"),
            choice("parents", "Issuing to parents", "parents owe themselves"),
            choice("staff", "Issuing to staff", "staff, student teachers and governors owe"),
            choice("others", "Issuing to all others", "visitors, supply and all others owe"),
        ] + limits

    private static func choice(_ name: String, _ label: String, _ whose: String) -> Setting {
        Setting(
            "agreement_issuing_\(name)", label,
            """
            Whether what \(whose) is issued by somebody of the school, or by itself: when what was \
            signed lapses, a newer version is in force, or they join, come into another phase or \
            another year for which the rules ask it (AGR-11). By itself goes what comes to be owed \
            from that day on; what was owed before is for somebody to issue.
            """,
            .word(["by_itself", "by_hand"]), usual: "by_hand", stronger: .later)
    }

    private static let limits = [
        Setting(
            "agreement_issuing_most", "The most that is issued by itself",
            """
            So many agreements of a template go out by themselves in a day. If more would, none \
            does until somebody runs a campaign: so no mistake in a roster or a version tells a \
            whole school (AGR-11).
            """,
            .number(1...5000, of: "agreements"), usual: 500, stronger: .less),
        Setting(
            "agreement_issuing_due_days", "Time to sign what is issued by itself",
            "Within how many days it is to be signed, where its version does not say (AGR-11).",
            .number(0...90, of: "days"), usual: 14, stronger: .less),
        Setting(
            "agreement_lapse_notice_days", "When it is told that a signature lapses",
            """
            So many days before those who sign in are told that what they signed lapses, where the \
            next is issued by itself (AGR-11); 0: not before that day.
            """,
            .number(0...60, of: "days"), usual: 14, stronger: .more),
    ]
}
