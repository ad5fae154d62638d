import Glibc

/// Held while Rowan runs in this project: two parents would fight over one cluster.
struct Lock: ~Copyable {
    private let descriptor: Int32
    /// Whether the one before was killed, so that what it had started may still be leaving.
    let wasLeft: Bool

    init(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LocalError("\(path) cannot be opened", errno: errno) }
        let holder = Files.read(path) ?? ""
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw LocalError("Rowan is running here already, as process \(holder)")
        }
        try Files.write("\(getpid())", to: path)
        wasLeft = !holder.isEmpty
        self.descriptor = descriptor
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }
}
