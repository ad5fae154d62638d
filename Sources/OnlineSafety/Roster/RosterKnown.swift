import Crypto
import FoundationEssentials
import Postgres

/// By what the rows of a file are known again without being read: the digests that the last files
/// left (`roster_kept` in the migrations), and which of them this file has.
///
/// At most 250,000 of 16 bytes; with the places to find them by and the numbers of their rows no
/// more than 8 MB.
struct RosterKnown {
    /// Who kept them; `nil` where there are none.
    let batch: UUID?

    /// The number of the row at the place of each digest; 0 where it has not come.
    private var numbers: [Int32]
    private let digests: [SIMD2<UInt64>]

    /// Where each digest is, from 1 on, by its own first bits; 0 where there is none. Less than
    /// half are taken.
    private var places: [UInt32] = []
    private var hasSeen = false

    /// What `apply_roster` is told of them.
    var seen: [Int32] { hasSeen ? numbers : [] }

    /// None.
    init() { (batch, digests, numbers) = (nil, [], []) }

    /// As `roster_digests` answers.
    init(_ found: Answer) {
        batch = found.uuid(0, "batch_id")
        let bytes = found.bytes(0, "digests") ?? []
        digests = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 16).map {
                bytes.loadUnaligned(fromByteOffset: $0 * 16, as: SIMD2<UInt64>.self)
            }
        }
        numbers = Array(repeating: 0, count: digests.count)
        var size = 1
        while size <= digests.count * 2 { size *= 2 }
        places = Array(repeating: 0, count: size)
        for (index, digest) in digests.enumerated() {
            places[slot(of: digest)] = UInt32(index + 1)
        }
    }

    /// The statement that asks for them.
    static func asked(of school: ID<School>) -> SQL {
        "select batch_id, digests from roster_digests(\(school))"
    }

    /// Whether it is one of them, and the first of this file that is.
    mutating func sees(_ digest: SIMD2<UInt64>, _ number: Int) -> Bool {
        guard !digests.isEmpty else { return false }
        let place = Int(places[slot(of: digest)])
        guard place > 0, numbers[place - 1] == 0 else { return false }
        numbers[place - 1] = Int32(number)
        hasSeen = true
        return true
    }

    /// Where it is, or would be.
    private func slot(of digest: SIMD2<UInt64>) -> Int {
        let last = places.count - 1
        var slot = Int(truncatingIfNeeded: digest.x) & last
        while places[slot] != 0, digests[Int(places[slot]) - 1] != digest {
            slot = (slot + 1) & last
        }
        return slot
    }
}

/// The digest of a row as it is written, and of all else that decides what it says.
struct RosterDigests {
    /// Raise it whenever the same bytes are read as something else than before: until then rows
    /// that are known already are not read anew.
    private static let readers = 1

    private let context: [UInt8]
    private var bytes: [UInt8] = []

    /// `how`: what stands outside of the row, and decides how it is read.
    init(_ how: String) { context = SHA256.hash("\(Self.readers) \(how)").bytes }

    mutating func digest(of line: UnsafeRawBufferPointer) -> SIMD2<UInt64> {
        begin()
        bytes.append(contentsOf: line)
        return SHA256.hash(bytes).half
    }

    mutating func digest(of record: CSVReader.Record) -> SIMD2<UInt64> {
        begin()
        for end in record.ends {
            withUnsafeBytes(of: UInt32(end).littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: record.bytes)
        return SHA256.hash(bytes).half
    }

    private mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: context)
    }
}
