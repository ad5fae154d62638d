import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and timers and runs Swift jobs.
///
/// To Swift it is both an actor's executor (isolation: what belongs to the loop is touched by the
/// loop only) and a task executor (a continuation resumed later comes back here, and not by way of
/// the global pool). It is the only `@unchecked Sendable` of the product.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private let wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    private let thread = Atomic<UInt>(0)
    private let isStopping = Atomic<Bool>(false)
    private let remoteJobs = Mutex<[UnownedJob]>([])

    // Touched by the loop's own thread only.
    private var jobs: [UnownedJob] = []
    private var spareJobs: [UnownedJob] = []
    private var channels: [Channel?] = Array(repeating: nil, count: 1024)
    private var timers = Timers()

    /// Milliseconds of a clock that never steps, as they were when the loop last woke up.
    package private(set) var now = EventLoop.monotonicMilliseconds

    package init() {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.fd = wakeUp
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        startThread()
    }

    deinit {
        close(epoll)
        close(wakeUp)
    }

    /// Ends the thread once the jobs that are waiting have run. What the loop still watches is
    /// forgotten; close it before.
    package func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        eventfd_write(wakeUp, 1)
    }

    private func startThread() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 256)
        defer { events.deallocate() }
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            runJobs()
            let patience = timers.millisecondsToNext(from: now)
            let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), patience)
            now = Self.monotonicMilliseconds
            for index in 0..<max(0, Int(count)) { handle(events[index]) }
            while let action = timers.takeDue(at: now) {
                action()
                runJobs()
            }
        }
        runJobs()
        channels = []
        timers = Timers()
    }

    private func handle(_ event: epoll_event) {
        if event.data.fd == wakeUp { return takeRemoteJobs() }
        guard let channel = channels[Int(event.data.fd)] else { return }
        channel.ready(
            read: event.events & ~EPOLLOUT.rawValue != 0,
            write: event.events & EPOLLOUT.rawValue != 0)
        runJobs()
    }

    private static var monotonicMilliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

// MARK: - Watching

extension EventLoop {
    /// Watches a channel for reading, until `unwatch`. Called on the loop.
    package func watch(_ channel: Channel) {
        let index = Int(channel.descriptor)
        if channels.count <= index {
            let missing = max(channels.count, index + 1 - channels.count)
            channels.append(contentsOf: Array(repeating: nil, count: missing))
        }
        channels[index] = channel
        control(EPOLL_CTL_ADD, channel, read: true, write: false)
    }

    /// Says what to wait for from now on; with `hangUp` for the end of the other side, also where
    /// nothing is read.
    package func want(read: Bool, write: Bool, hangUp: Bool = false, _ channel: Channel) {
        control(EPOLL_CTL_MOD, channel, read: read, write: write, hangUp: hangUp)
    }

    /// Forgets a channel; call it before its descriptor is closed.
    package func unwatch(_ channel: Channel) {
        let index = Int(channel.descriptor)
        guard index < channels.count, channels[index] === channel else { return }
        channels[index] = nil
        epoll_ctl(epoll, EPOLL_CTL_DEL, channel.descriptor, nil)
    }

    private func control(
        _ operation: Int32, _ channel: Channel, read: Bool, write: Bool, hangUp: Bool = false
    ) {
        var event = epoll_event()
        if read { event.events |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
        if write { event.events |= EPOLLOUT.rawValue }
        if hangUp { event.events |= EPOLLRDHUP.rawValue }
        event.data.fd = channel.descriptor
        epoll_ctl(epoll, operation, channel.descriptor, &event)
    }
}

// MARK: - Timers

extension EventLoop {
    /// Runs `action` on the loop after some milliseconds, unless the timer is cancelled before.
    @discardableResult
    package func after(_ milliseconds: Int, _ action: @escaping () -> Void) -> Timer {
        timers.add(at: now + max(0, milliseconds), action)
    }
}

// MARK: - Running Swift

extension EventLoop {
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !isCurrent else { return jobs.append(job) }
        let isFirst = remoteJobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { eventfd_write(wakeUp, 1) }
    }

    package func checkIsolated() {
        precondition(isCurrent, "not on the loop's thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func isSameExclusiveExecutionContext(other: EventLoop) -> Bool { self === other }

    /// Never inlined: `pthread_self` counts as constant, and would be kept across an await.
    @inline(never) private var isCurrent: Bool {
        thread.load(ordering: .relaxed) == UInt(pthread_self())
    }

    private func takeRemoteJobs() {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
        jobs += remoteJobs.withLock { jobs in
            defer { jobs.removeAll(keepingCapacity: true) }
            return jobs
        }
    }

    private func runJobs() {
        while !jobs.isEmpty {
            swap(&jobs, &spareJobs)
            for job in spareJobs {
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
            spareJobs.removeAll(keepingCapacity: true)
        }
    }
}
