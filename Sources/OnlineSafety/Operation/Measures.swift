import Bytes
import Synchronization

/// What is counted, for `/metrics`: requests by route template, status and duration. Nothing that a
/// client sent, no school and no person is ever a label.
package final class Measures: Sendable {
    private let shards = Mutex<[MeasureShard]>([])
    let figures = Figures()

    package init() {}

    /// A part for one loop: it counts alone, and waits for nobody but the reader.
    func shard(for routes: [String]) -> MeasureShard {
        let shard = MeasureShard(routes: routes)
        shards.withLock { $0.append(shard) }
        return shard
    }

    /// Writes all of it in Prometheus's text form.
    package func write(to output: inout ByteBuffer) {
        let total = shards.withLock { $0 }.reduce(into: Counts()) { $0.add($1.counts) }
        total.write(to: &output)
        figures.write(to: &output)
    }
}

/// The counts of one loop.
final class MeasureShard: Sendable {
    private let routes: [String]
    private let kept: Mutex<Counts>

    init(routes: [String]) {
        self.routes = routes
        kept = Mutex(Counts())
    }

    var counts: Counts { kept.withLock { $0 } }

    func count(route: Int?, _ status: Int, _ milliseconds: Int) {
        let name = route.map { routes[$0] } ?? "none"
        kept.withLock { $0.count(Counts.Key(route: name, status: status), milliseconds) }
    }
}

/// Counts and durations, by route and status.
struct Counts: Sendable {
    struct Key: Hashable, Sendable {
        let route: String
        let status: Int
    }

    struct Entry: Sendable {
        var buckets = [Int](repeating: 0, count: Counts.bounds.count)
        var count = 0
        var milliseconds = 0
    }

    /// The upper bounds of the buckets, in milliseconds.
    static let bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000]

    private var entries: [Key: Entry] = [:]

    mutating func count(_ key: Key, _ milliseconds: Int) {
        entries[key, default: Entry()].add(milliseconds)
    }

    mutating func add(_ other: Counts) {
        for (key, entry) in other.entries { entries[key, default: Entry()].add(entry) }
    }

    func write(to output: inout ByteBuffer) {
        output.append("# HELP rowan_request_seconds How long requests took.\n")
        output.append("# TYPE rowan_request_seconds histogram\n")
        let sorted = entries.sorted {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }
        for (key, entry) in sorted {
            let labels = "route=\"\(key.route)\",status=\"\(key.status)\""
            var below = 0
            for (bound, count) in zip(Self.bounds, entry.buckets) {
                below += count
                let seconds = Double(bound) / 1000
                output.append(
                    "rowan_request_seconds_bucket{\(labels),le=\"\(seconds)\"} \(below)\n")
            }
            output.append("rowan_request_seconds_bucket{\(labels),le=\"+Inf\"} \(entry.count)\n")
            let seconds = Double(entry.milliseconds) / 1000
            output.append("rowan_request_seconds_sum{\(labels)} \(seconds)\n")
            output.append("rowan_request_seconds_count{\(labels)} \(entry.count)\n")
        }
    }
}

extension Counts.Entry {
    mutating func add(_ milliseconds: Int) {
        count += 1
        self.milliseconds += milliseconds
        if let bucket = Counts.bounds.firstIndex(where: { milliseconds <= $0 }) {
            buckets[bucket] += 1
        }
    }

    mutating func add(_ other: Counts.Entry) {
        count += other.count
        milliseconds += other.milliseconds
        for index in buckets.indices { buckets[index] += other.buckets[index] }
    }
}
