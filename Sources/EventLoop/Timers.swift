/// Something that a loop will do later, unless it is cancelled.
package final class Timer {
    fileprivate let due: Int
    fileprivate var action: (() -> Void)?

    fileprivate init(due: Int, action: @escaping () -> Void) {
        self.due = due
        self.action = action
    }

    /// The action will not run. Cancelling twice, or too late, does nothing.
    package func cancel() { action = nil }
}

/// The timers of one loop: a binary heap, the earliest first. Cancelled ones leave it when they
/// reach the top, or all together when they are the larger part of it.
struct Timers {
    private var heap: [Timer] = []
    private var sweepAt = 1024

    mutating func add(at due: Int, _ action: @escaping () -> Void) -> Timer {
        if heap.count >= sweepAt { sweep() }
        let timer = Timer(due: due, action: action)
        heap.append(timer)
        rise(from: heap.count - 1)
        return timer
    }

    /// For `epoll_wait`: `-1` when there is nothing to wait for.
    mutating func millisecondsToNext(from now: Int) -> Int32 {
        while let first = heap.first, first.action == nil { removeFirst() }
        guard let first = heap.first else { return -1 }
        return Int32(clamping: max(0, first.due - now))
    }

    /// The next action whose time has come.
    mutating func takeDue(at now: Int) -> (() -> Void)? {
        while let first = heap.first, first.action == nil || first.due <= now {
            removeFirst()
            if let action = first.action {
                first.action = nil
                return action
            }
        }
        return nil
    }

    private mutating func sweep() {
        heap.removeAll { $0.action == nil }
        heap.sort { $0.due < $1.due }
        sweepAt = max(1024, heap.count * 2)
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink(from: 0)
    }

    private mutating func rise(from start: Int) {
        var index = start
        while index > 0, heap[index].due < heap[(index - 1) / 2].due {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(from start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if heap[child].due < heap[least].due { least = child }
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
