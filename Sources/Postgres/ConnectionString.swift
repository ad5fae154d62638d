import CLibpq
import Glibc

/// The settings of one connection: those of a connection string, and more.
struct ConnectionString {
    private var settings: [String: String] = [:]

    init(_ url: String) throws(PostgresError) {
        guard let options = PQconninfoParse(url, nil) else { throw .unreadable }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                settings[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        guard isPlain else { throw .unreadable }
    }

    /// Where a password holds an `@` or a `/` that is not escaped, its end is taken for a part of
    /// the host or for the port; libpq would complain of that by name.
    private var isPlain: Bool {
        let port = settings["port"] ?? "", host = settings["host"] ?? ""
        return port.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ",") }
            && (host.hasPrefix("@") || host.hasPrefix("/") || !host.contains("@"))
    }

    /// For a connection of the pool. Readers' ones can only read, whatever is asked of them.
    init(_ configuration: PoolConfiguration, readsOnly: Bool) throws(PostgresError) {
        try self.init(configuration.url)
        settings["client_encoding"] = "UTF8"
        settings["fallback_application_name"] = configuration.applicationName
        add(option: "statement_timeout=\(configuration.statementMilliseconds)")
        add(option: "idle_in_transaction_session_timeout=\(configuration.statementMilliseconds)")
        // A connection that is closed on its server, because nobody waits any more for what runs
        // there or because the whole process is gone, ends that within this many milliseconds,
        // whatever it is. A cancel request would need a thread, a socket and a bound of its own,
        // would travel in the clear, and would not be sent by a process that was killed.
        add(option: "client_connection_check_interval=500")
        // Values of a statement that failed, of which a log knows nothing unless it is told to.
        add(option: "log_parameter_max_length_on_error=0")
        add(option: "timezone=UTC")
        // Compiling a statement takes longer than running any of these.
        add(option: "jit=off")
        // So does planning it anew for its values, which PostgreSQL would do for ever where an
        // array of one element looks cheaper than one of unknown length.
        add(option: "plan_cache_mode=force_generic_plan")
        if readsOnly {
            add(option: "default_transaction_read_only=on")
            // To libpq such a session would not be "read-write", though its server is.
            if settings["target_session_attrs"] == "read-write" {
                settings["target_session_attrs"] = "primary"
            }
        }
    }

    /// For a connection that waits.
    init(direct url: String) throws(PostgresError) {
        try self.init(url)
        settings["client_encoding"] = "UTF8"
        settings["connect_timeout"] = settings["connect_timeout"] ?? "10"
        add(option: "timezone=UTC")
    }

    private mutating func add(option: String) {
        settings["options", default: ""] += " -c \(option)"
    }

    /// Keywords and values as libpq wants them, each list ended by a null.
    func withPointers<Result>(
        _ body: (_ keywords: CStrings, _ values: CStrings) -> Result
    ) -> Result {
        let keywords = settings.keys.map { strdup($0) }
        let values = settings.values.map { strdup($0) }
        defer { for text in keywords + values { free(text) } }
        return body(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil])
    }

    typealias CStrings = [UnsafePointer<CChar>?]
}

extension PostgresError {
    /// What libpq says of it would quote it, and with it perhaps the password.
    fileprivate static let unreadable = PostgresError(
        .failed,
        "the connection string cannot be read; in a URI, write a password's @ / : % as %40 %2F "
            + "%3A %25"
    )
}
