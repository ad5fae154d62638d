import Bytes
import Dispatch
import Glibc
import Synchronization

/// Writes lines on a thread of its own, the only one that does: who reads them slowly, or not at
/// all, holds up nothing else.
///
/// What waits is bounded. Lines beyond are dropped and counted; a line says how many, as soon as
/// there is room.
final class LogWriter: Sendable {
    private struct Lines {
        var waiting: [UInt8] = []

        /// Bytes that the thread has taken and not yet written.
        var leaving = 0
        var isWriting = false
        var dropped = 0
        var droppedEver = 0

        /// The last line that went out is not whole.
        var isCut = false

        mutating func drop(_ count: Int) {
            dropped += count
            droppedEver += count
        }
    }

    private let descriptor: Int32
    private let most: Int
    private let lines = Mutex(Lines())
    private let queue = DispatchQueue(label: "log")
    private let work = DispatchGroup()

    /// Lines gather for so long: under load the thread is woken once for many, not for each.
    private static let gatheringMicroseconds: UInt32 = 5_000

    /// At most `bytes` wait.
    init(to descriptor: Int32, keeping bytes: Int) {
        (self.descriptor, most) = (descriptor, bytes)
    }

    var droppedLines: Int { lines.withLock { $0.droppedEver } }

    /// Takes a whole line, or drops it; never waits.
    func append(_ line: UnsafeRawBufferPointer) {
        let isFirst = lines.withLock { lines in
            if lines.waiting.count + lines.leaving + line.count <= most {
                lines.waiting.append(contentsOf: line)
            } else {
                lines.drop(1)
            }
            defer { lines.isWriting = true }
            return !lines.isWriting
        }
        if isFirst { queue.async(group: work) { self.writeAll() } }
    }

    /// Waits until all is written, so long at most.
    func flush(within milliseconds: Int) {
        _ = work.wait(timeout: .now() + .milliseconds(milliseconds))
    }
}

// MARK: - On the thread

extension LogWriter {
    /// Writes until nothing waits.
    private func writeAll() {
        var batch: [UInt8] = []
        while true {
            usleep(Self.gatheringMicroseconds)
            let told = take(&batch)
            if batch.isEmpty { return }
            let written = endsCutLine() ? write(batch) : 0
            if written < batch.count, !goOn(after: written, of: batch, told) { return }
        }
    }

    /// Takes what waits; how many lines it says were dropped.
    private func take(_ batch: inout [UInt8]) -> Int {
        batch.removeAll(keepingCapacity: true)
        return lines.withLock { lines in
            swap(&batch, &lines.waiting)
            let dropped = lines.dropped
            if dropped > 0 {
                let line = Log.lineOnDropped(dropped)
                batch.append(contentsOf: line.bytes)
                lines.dropped = 0
            }
            lines.leaving = batch.count
            lines.isWriting = !batch.isEmpty
            return dropped
        }
    }

    /// What could be written of a line before the log was gone stands alone; `false` while it is.
    private func endsCutLine() -> Bool {
        guard lines.withLock({ $0.isCut }) else { return true }
        guard write([UInt8(ascii: "\n")]) == 1 else { return false }
        lines.withLock { $0.isCut = false }
        return true
    }

    /// How many bytes went: fewer than all only when there is nobody any more to write to.
    private func write(_ batch: [UInt8]) -> Int {
        var written = 0
        while written < batch.count {
            let count = batch[written...].prefix(64 << 10).withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
                lines.withLock { $0.leaving -= count }
            } else if errno == EAGAIN {
                var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wish, 1, -1)
            } else if errno != EINTR {
                break
            }
        }
        return written
    }

    /// Counts what could not be written, for the line with which it goes on; `false` when there is
    /// nothing to go on with. A log that is gone stops nobody.
    private func goOn(after written: Int, of batch: [UInt8], _ told: Int) -> Bool {
        let end = UInt8(ascii: "\n")
        let lost = batch[written...].count { $0 == end } - (told > 0 ? 1 : 0)
        return lines.withLock { lines in
            lines.drop(lost)
            lines.dropped += told
            lines.leaving = 0
            if written > 0 { lines.isCut = batch[written - 1] != end }
            lines.isWriting = !lines.waiting.isEmpty
            return lines.isWriting
        }
    }
}
