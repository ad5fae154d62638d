/// Every bound of the HTTP layer. Times are in milliseconds, sizes in bytes.
package struct Limits: Sendable {
    // MARK: - What a request may be

    /// Request line, fields and the empty line after them. Beyond: 431.
    package var head = 16 << 10

    /// Field lines of a head. Beyond: 431.
    package var headLines = 100

    /// The target of the request line. Beyond: 414.
    package var target = 8 << 10

    /// A body when it has been decoded, where its `Service` names no bound. Beyond: 413.
    package var body = 64 << 10

    /// The line before each chunk: its size and its extensions (RFC 9112, 7.1). Beyond: 400.
    package var chunkLine = 256

    /// The extensions of all chunks of a body together. Beyond: 400.
    package var chunkExtensions = 4 << 10

    /// The field lines after the last chunk, together. Beyond: 400.
    package var trailers = 4 << 10

    // MARK: - How long things may take

    /// From the first byte of a head to its last, however it trickles in. Beyond: 408.
    package var headTime = 10_000

    /// The pace of a body, in bytes a second on average. Slower: 408.
    package var bodyRate = 4 << 10

    /// How long a body may pause, and how much later than its pace it may come. Beyond: 408.
    package var bodyPause = 10_000

    /// From the end of the head to the end of the body, however it trickles in: 8 MiB pass over a
    /// line of 600 kbit/s. Beyond: 408.
    package var bodyTime = 120_000

    /// The same for a body that is handed over as it comes: 64 MiB at 2 Mbit/s. Beyond: 408.
    package var streamTime = 300_000

    /// How much of such a body is read at once.
    package var streamPiece = 64 << 10

    /// The pace at which an answer must be taken, in bytes a second on average. Slower: dropped.
    package var answerRate = 1 << 10

    /// How long the reading of an answer may pause, or lag behind its pace. Beyond: dropped.
    package var answerPause = 10_000

    /// What of a streamed answer may wait to be taken. Beyond, its writer waits.
    package var streamAhead = 64 << 10

    /// What the kernel holds of an answer that the client is not taking; without a bound that would
    /// be megabytes for each. What is under way to a client that takes it does not count.
    package var unsent = 128 << 10

    /// How long a connection may wait for its next request. Beyond: closed.
    package var idleTime = 60_000

    /// What is read and thrown away after the last answer of a connection, so that the client can
    /// read that answer before a reset overtakes it (RFC 9112, 9.6): the largest body twice.
    package var lingerBytes = 16 << 20

    /// How long this may last.
    package var lingerTime = 2_000

    /// How long an idle connection may still bring a request once the worker drains.
    package var drainGrace = 500

    // MARK: - How many

    /// Connections at once, of all workers that share an `Admission`; `0`: no bound. Beyond: 503.
    package var connections = 4_000

    /// The same for one address (IPv6: one network of 64 bits); `0`: no bound. Behind a proxy there
    /// is but one address. Beyond: 503.
    package var connectionsPerAddress = 0

    /// Once there are too many, a newcomer takes the place of the one that has sent no whole
    /// request for longest, if that is at least so long: slow clients cannot shut out the others.
    package var makesRoomAfter = 2_000

    /// Clients of a worker that are just being told 503 for either reason. Beyond: closed at once.
    package var turnedAway = 500

    /// The memory of the bodies that one worker receives or handles, together, as far as they have
    /// come. Beyond, the address that holds most makes room with the body that has been coming for
    /// longest: 408. Where that is the one that needs more, or all have come: 503.
    package var bodiesTogether = 64 << 20

    /// The memory of the answers of one worker that wait to be taken, together. Beyond, the address
    /// that holds most makes room: its answer that has waited for longest is dropped.
    package var answersTogether = 64 << 20

    /// What a 503 of this layer asks the client to wait, in seconds.
    package var retryAfter = 1

    /// How long accepting rests when the process has run out of descriptors.
    package var acceptRest = 100

    package init() {}
}
