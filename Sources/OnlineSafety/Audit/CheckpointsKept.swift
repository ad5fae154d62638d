import Crypto

/// All checkpoints of a book, read and checked, and what each says of every chain.
struct CheckpointsKept {
    /// An entry as a checkpoint saw it.
    struct Pin {
        let number: Int
        let hash: [UInt8]
        let file: String
    }

    /// Of each chain, by number.
    private(set) var pins: [Checkpoint.Chain: [Pin]] = [:]

    /// In words, what is wrong with the checkpoints themselves.
    private(set) var faults: [String] = []
    private(set) var count = 0

    /// When the newest was written.
    private(set) var newest: String?

    init() {}

    init(_ book: CheckpointBook) throws {
        var last: (number: Int, digest: [UInt8])?
        for number in try book.numbers() {
            let name = CheckpointBook.name(number)
            if let last, number != last.number + 1 {
                faults.append("\(CheckpointBook.name(last.number + 1)) is missing")
            }
            let (bytes, checkpoint) = book.file(number)
            defer { last = (number, SHA256.hash(bytes).bytes) }
            count += 1
            guard let checkpoint else {
                faults.append("\(name) is not genuine: no key that is known signed it as it is")
                continue
            }
            if let last, number == last.number + 1, checkpoint.previous != last.digest {
                faults.append("\(name) does not follow the one before")
            }
            newest = checkpoint.at
            for (chain, head) in checkpoint.heads {
                pins[chain, default: []].append(
                    Pin(number: head.number, hash: head.hash, file: name))
            }
        }
        for chain in pins.keys { pins[chain]?.sort { $0.number < $1.number } }
    }
}

/// A chain held to what checkpoints say of it, entry by entry.
struct HeldChain {
    private var rest: ArraySlice<CheckpointsKept.Pin>
    private var lastGood = 0

    /// What is wrong, once it is known: the first entry that is not the one which was signed.
    private(set) var fault: String?

    init(_ pins: [CheckpointsKept.Pin]) { rest = pins[...] }

    mutating func pass(_ number: Int, _ hash: [UInt8]) {
        while let pin = rest.first, pin.number <= number, fault == nil {
            rest = rest.dropFirst()
            if pin.number == number, pin.hash == hash {
                lastGood = number
            } else {
                let first = lastGood + 1
                let which = first == pin.number ? "entry \(first)" : "one of \(first) to \(number)"
                fault =
                    "was written anew: \(pin.file) has another entry \(pin.number); the first "
                    + "that was altered is \(which)"
            }
        }
    }

    /// When there are no more entries than `count`.
    mutating func end(at count: Int) {
        guard fault == nil, let pin = rest.first else { return }
        fault = "ends at \(count): entry \(count + 1) has gone; \(pin.file) has \(pin.number)"
    }
}
