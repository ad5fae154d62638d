/// A setting with which PostgreSQL may not be trusted: when it is so, and what to tell whoever runs
/// it, with `%I` for the role.
struct UnsafeSetting {
    let words: String
    let isSo: SQL

    init(_ words: String, when isSo: SQL) {
        (self.words, self.isSo) = (words, isSo)
    }
}

extension UnsafeSetting {
    /// What loses or damages what was acknowledged, and what tells of it in PostgreSQL's own log,
    /// which many may read and nobody erases.
    static let all = losing + telling

    private static let losing = [
        UnsafeSetting(
            "fsync is off: a power cut destroys the database",
            when: "current_setting('fsync') = 'off'"),
        UnsafeSetting(
            "full_page_writes is off: a power cut damages pages",
            when: "current_setting('full_page_writes') = 'off'"),
        UnsafeSetting(
            "synchronous_commit is off: a power cut loses writes",
            when: "current_setting('synchronous_commit') = 'off'"),
        UnsafeSetting(
            "ignore_checksum_failure is on: damaged pages are shown as if they were whole",
            when: "current_setting('ignore_checksum_failure') = 'on'"),
        UnsafeSetting(
            "zero_damaged_pages is on: damaged pages are emptied instead of restored",
            when: "current_setting('zero_damaged_pages') = 'on'"),
        UnsafeSetting(
            "the server is older than PostgreSQL 15",
            when: "current_setting('server_version_num')::int < 150000"),
    ]

    /// The text of a statement holds no values. Its parameters do, and so do the message and the
    /// detail of an error ("Failing row contains …"), whatever `log_error_verbosity` is; and a
    /// plan, which is made for values where it was not planned once for all.
    private static let telling = [
        UnsafeSetting(
            "log_min_messages lets errors into PostgreSQL's log, and with them the rows that they "
                + "are about; a superuser can say: alter role %I set log_min_messages "
                + "= fatal",
            when: "current_setting('log_min_messages') not in ('log', 'fatal', 'panic')"),
        UnsafeSetting(
            "log_statement puts what people write into PostgreSQL's log" + remedy,
            when: "current_setting('log_statement') in ('mod', 'all') and \(parametersAreLogged)"),
        UnsafeSetting(
            "log_min_duration_statement puts what people write into PostgreSQL's log" + remedy,
            when: """
                current_setting('log_min_duration_statement') <> '-1' and \(parametersAreLogged)
                """),
        UnsafeSetting(
            "log_min_duration_sample puts what people write into PostgreSQL's log" + remedy,
            when: """
                current_setting('log_min_duration_sample') <> '-1'
                and current_setting('log_statement_sample_rate')::float8 > 0
                and \(parametersAreLogged)
                """),
        UnsafeSetting(
            "log_transaction_sample_rate puts what people write into PostgreSQL's log" + remedy,
            when: """
                current_setting('log_transaction_sample_rate')::float8 > 0
                and \(parametersAreLogged)
                """),
        UnsafeSetting(
            "debug_print_parse, debug_print_rewritten or debug_print_plan is on: PostgreSQL's log "
                + "gets statements with their values",
            when: """
                'on' in (
                    current_setting('debug_print_parse'),
                    current_setting('debug_print_rewritten'),
                    current_setting('debug_print_plan'))
                """),
        UnsafeSetting(
            "auto_explain.log_min_duration is set: PostgreSQL's log gets plans with their values",
            when: "coalesce(current_setting('auto_explain.log_min_duration', true), '-1') <> '-1'"),
        UnsafeSetting(
            "pgaudit.log_parameter is on: PostgreSQL's log gets what people write",
            when: """
                coalesce(current_setting('pgaudit.log', true), 'none') not in ('none', '')
                and coalesce(current_setting('pgaudit.log_parameter', true), 'off')
                    in ('on', 'true', 'yes', '1')
                """),
    ]

    private static let parametersAreLogged: SQL =
        "current_setting('log_parameter_max_length') <> '0'"

    private static let remedy =
        "; a superuser can say: alter role %I set log_parameter_max_length = 0"
}
