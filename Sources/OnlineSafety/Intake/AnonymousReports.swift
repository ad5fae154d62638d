extension Setting {
    static let anonymousReports = Setting(
        "anonymous_reports", "Reports without a name",
        """
        Whether the name may be left out where people report without an account (INC-16, S-61). \
        Staff are named in any case.
        """,
        .flag, usual: false, stronger: .true)
}
