/// How people sign in. Somebody who works in several schools is held to the strongest value of all
/// (`strongest_setting`).
extension Setting {
    static let ofSignIn = [
        Setting(
            "password_length", "Length of a password",
            "How many characters a password has at least, where no second factor is used (S-20).",
            .number(12...64, of: "characters"), usual: 15, stronger: .more),
        Setting(
            "password_composition", "Composition of a password",
            """
            Whether a password must mix capitals, small letters, digits and signs (S-20). Length \
            protects better: NCSC, NIST 800-63B and OWASP advise against it.
            """,
            .flag, usual: false, stronger: .true),
        Setting(
            "password_days", "Age of a password",
            """
            After how many days a password must be changed; 0 is never (S-21). NCSC, NIST 800-63B \
            and OWASP advise against it.
            """,
            .number(0...730, of: "days"), usual: 0, stronger: .lessButNotNone),
        Setting(
            "second_factor", "Second factor",
            "Who must use a second factor: nobody, those who open records, or everybody (S-22).",
            .word(["nobody", "record_readers", "everybody"]), usual: "nobody",
            stronger: .later),
        Setting(
            "idle_minutes", "Idle time",
            """
            After how many minutes without a request a session of anybody ends (S-24). Of what \
            applies to somebody, in all their schools, the least holds; and none outlasts \
            `session_hours` or the operator's own bound.
            """,
            .number(5...480, of: "minutes"), usual: 60, stronger: .less),
        Setting(
            "idle_minutes_record_readers", "Idle time of those who open records",
            """
            The same for whoever holds a post to which incidents can be open: shorter, as for the \
            confidential database of pupils (S-24).
            """,
            .number(5...480, of: "minutes"), usual: 30, stronger: .less),
        Setting(
            "idle_minutes_temporary_staff", "Idle time of temporary staff",
            "The same for temporary staff, who sit at a classroom's computer (S-24, S-27).",
            .number(5...480, of: "minutes"), usual: 15, stronger: .less),
        Setting(
            "session_hours", "Length of a session",
            """
            After how many hours a session ends, however much it is used (S-24). The operator has \
            a bound too (ROWAN_SESSION_HOURS, 10 as it comes): the shorter holds.
            """,
            .number(1...168, of: "hours"), usual: 12, stronger: .less),
        Setting(
            "step_up_minutes", "Time of a fresh proof",
            """
            For how many minutes a fresh password or code opens what is confidential, before it is \
            asked for again (S-23).
            """,
            .number(1...60, of: "minutes"), usual: 15, stronger: .less),
    ]
}
