/// Where the database is, and how much of it one loop may use.
package struct PoolConfiguration: Sendable {
    /// A connection string or URI of libpq's. A host name is looked up while the loop waits: name a
    /// socket's folder or an address where that matters.
    package var url: String

    /// Connections that readers share.
    package var shared = 2

    /// Connections that one transaction at a time has to itself, `spare` ones not counted.
    package var exclusive = 8

    /// More exclusive connections, for those only who ask with `.spare`.
    package var spare = 1

    /// How many may wait for a connection, of each sort; past that it is `.busy` at once.
    package var waiters = 256

    /// How long the wait for a connection may promise to be, by the pace of the line before it;
    /// past that it is `.busy` at once.
    package var expectedMilliseconds = 250

    /// How many answers a shared connection may owe; past that it is `.busy` at once.
    package var answersOwed = 1024

    /// How long one waits for a connection.
    package var acquireMilliseconds = 2000

    /// How long connecting may take.
    package var connectMilliseconds = 5000

    /// What any statement may take, also where no deadline says less.
    package var statementMilliseconds = 10_000

    /// Prepared statements for each connection; past that, statements are sent as text each time.
    package var preparedStatements = 512

    /// Seen in `pg_stat_activity`.
    package var applicationName = "rowan"

    package init(url: String) {
        self.url = url
    }
}
