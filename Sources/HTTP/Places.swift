import Synchronization

/// Places that are taken and given back, bounded in all and for each holder; shared by all loops.
package final class Places<Holder: Hashable & Sendable>: Sendable {
    private struct Taken {
        var total = 0
        var byHolder: [Holder: Int] = [:]
    }

    private let most: Int
    private let mostEach: Int
    private let taken = Mutex(Taken())

    /// At most `most` together, and `mostEach` for one holder; `0`: no bound.
    package init(_ most: Int, each mostEach: Int = 0) {
        (self.most, self.mostEach) = (most, mostEach)
    }

    /// How many are taken.
    package var count: Int { taken.withLock { $0.total } }

    /// Takes one, unless there is none; of those in all, not if another is about to be given back.
    /// Each that was taken must be given back.
    package func take(for holder: Holder, insteadOfAnother: Bool = false) -> Bool {
        taken.withLock { taken in
            guard insteadOfAnother || most == 0 || taken.total < most else { return false }
            if mostEach > 0 {
                let count = taken.byHolder[holder, default: 0]
                guard count < mostEach else { return false }
                taken.byHolder[holder] = count + 1
            }
            taken.total += 1
            return true
        }
    }

    package func giveBack(of holder: Holder) {
        taken.withLock { taken in
            taken.total -= 1
            guard let count = taken.byHolder[holder] else { return }
            taken.byHolder[holder] = count > 1 ? count - 1 : nil
        }
    }
}
