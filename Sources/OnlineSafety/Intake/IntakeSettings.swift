extension Setting {
    static let anonymousReports = Setting(
        "anonymous_reports", "Reports without a name",
        """
        Whether the name may be left out where people report without an account (INC-16, S-61). \
        Staff are named in any case.
        """,
        .flag, usual: false, stronger: .true)

    static let guestLogIn = Setting(
        "guest_log_in", "Guest log-in",
        """
        Whether temporary staff may report with an intake key, as by a guest's log-in, and then \
        always with their name (USR-10, S-27). Otherwise they have a log-in of their own.
        """,
        .flag, usual: false, stronger: .false)
}
