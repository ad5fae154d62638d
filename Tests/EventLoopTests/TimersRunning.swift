import EventLoop
import Testing

/// A place on a loop where timers can be set from a test.
private actor Setter {
    nonisolated let loop: EventLoop
    private var fired: [Int] = []
    private var timers: [Timer] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) { self.loop = loop }

    /// Sets timers, and cancels those at `indices` before any can run.
    func set(_ milliseconds: [Int], cancelling indices: [Int] = []) {
        for time in milliseconds {
            timers.append(loop.after(time) { self.assumeIsolated { $0.fired.append(time) } })
        }
        cancel(indices)
    }

    func cancel(_ indices: [Int]) {
        for index in indices { timers[index].cancel() }
    }

    /// What has fired, after so long.
    func fired(after milliseconds: Int) async -> [Int] {
        await withCheckedContinuation { waiter in
            loop.after(milliseconds) { waiter.resume() }
        }
        return fired
    }

    /// How long a timer takes to run, as the loop sees it.
    func duration(of milliseconds: Int) async -> Duration {
        let begin = ContinuousClock.now
        return await withCheckedContinuation { waiter in
            loop.after(milliseconds) { waiter.resume(returning: begin.duration(to: .now)) }
        }
    }
}

@Suite("Timers")
struct TimersRunning {
    private func withSetter(_ body: (Setter) async -> Void) async {
        let setter = Setter(loop: EventLoop())
        await body(setter)
        setter.loop.stop()
    }

    @Test func `Timers run in the order of their times`() async {
        await withSetter { setter in
            await setter.set([30, 10, 20, 0, 25, 5, 15])
            #expect(await setter.fired(after: 60) == [0, 5, 10, 15, 20, 25, 30])
        }
    }

    @Test func `A cancelled timer does not run`() async {
        await withSetter { setter in
            await setter.set([5, 10, 15, 20], cancelling: [0, 2, 2])
            #expect(await setter.fired(after: 50) == [10, 20])
        }
    }

    @Test func `A timer that has run can be cancelled in vain`() async {
        await withSetter { setter in
            await setter.set([1])
            #expect(await setter.fired(after: 20) == [1])
            await setter.cancel([0])
            #expect(await setter.fired(after: 1) == [1])
        }
    }

    @Test func `Thousands of timers, most of them cancelled, run as they should`() async {
        await withSetter { setter in
            let times = (0..<5_000).map { $0 * 7919 % 50 }
            await setter.set(times, cancelling: times.indices.filter { $0 % 10 != 0 })
            let kept = times.indices.filter { $0 % 10 == 0 }.map { times[$0] }
            #expect(await setter.fired(after: 100) == kept.sorted())
        }
    }

    @Test func `A timer is never early, and not much too late`() async {
        await withSetter { setter in
            for time in [1, 10, 30] {
                // The loop's clock counts whole milliseconds, since it last woke up.
                let duration = await setter.duration(of: time)
                #expect(duration > .milliseconds(time - 2))
                #expect(duration < .milliseconds(time + 200))
            }
        }
    }
}
