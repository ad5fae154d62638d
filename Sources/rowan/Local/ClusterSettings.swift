/// The settings of the private cluster, given on the command line: there they are always those of
/// this version of Rowan, whatever is in the data folder's files.
enum ClusterSettings {
    static func arguments(for place: ClusterPlace) -> [String] {
        let own = [
            ("cluster_name", place.name), ("unix_socket_directories", place.socket),
        ]
        return (own + fixed).flatMap { ["-c", "\($0.0)=\($0.1)"] }
    }

    private static let fixed = [
        // Reached through the socket only, by whom its folder lets in.
        ("listen_addresses", ""), ("port", "5432"), ("unix_socket_permissions", "0700"),
        ("max_connections", "100"),
        // What was acknowledged survives a power cut.
        ("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"),
        // 0.9 GB of log took 4.5 s to recover from: this keeps a recovery within 5 to 10 s.
        ("max_wal_size", "1GB"),
        // Before it, one call instead of one for each of a thousand files: 2 s less.
        ("recovery_init_sync_method", "syncfs"),
        // No statement, value or row of a child's reaches the server's log: errors are the
        // service's to report, which knows what may be said.
        ("log_destination", "stderr"), ("logging_collector", "off"), ("log_statement", "none"),
        ("log_min_messages", "log"), ("log_min_error_statement", "panic"),
        ("log_min_duration_statement", "-1"), ("log_error_verbosity", "terse"),
        ("log_parameter_max_length", "0"), ("log_parameter_max_length_on_error", "0"),
        ("log_checkpoints", "off"),
        ("timezone", "UTC"), ("log_timezone", "UTC"),
        // Compiling the short statements of a register takes longer than running them.
        ("jit", "off"),
    ]
}
