import Glibc

/// The little that `rowan local` wants of the file system.
enum Files {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return readAll(descriptor)
    }

    static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// Its last lines, for when they say what went wrong.
    static func end(of path: String) -> String {
        (read(path) ?? "").split(separator: "\n").suffix(8).joined(separator: "\n")
    }

    /// For its owner only.
    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LocalError("\(path) cannot be written", errno: errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
        else { throw LocalError("\(path) cannot be written", errno: errno) }
    }

    /// To be appended to, for its owner only. What was there is put aside when it is large.
    static func log(_ path: String) throws -> Int32 {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > 10 << 20 { rename(path, path + ".old") }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LocalError("\(path) cannot be written", errno: errno) }
        return descriptor
    }

    /// Makes a folder that only this user may enter. One that is there already must be that, and
    /// no link: in /tmp anybody may have put it there.
    static func makePrivateFolder(_ path: String, for user: ServerUser) throws {
        if mkdir(path, 0o700) == 0 {
            guard chown(path, user.id, user.group) == 0
            else { throw LocalError("\(path) cannot be given to \(user.name)", errno: errno) }
        } else if errno != EEXIST {
            throw LocalError("\(path) cannot be made", errno: errno)
        }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == user.id, status.st_mode & 0o077 == 0
        else { throw LocalError("\(path) is not a folder that only \(user.name) may enter") }
    }

    static func makeFolder(_ path: String, mode: mode_t) throws {
        guard mkdir(path, mode) == 0 || errno == EEXIST
        else { throw LocalError("\(path) cannot be made", errno: errno) }
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func target(ofLink path: String) -> String? {
        var characters = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &characters, characters.count)
        guard count > 0 else { return nil }
        return String(decoding: characters[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Not handed on to children.
    static func makePipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func canExecute(_ path: String) -> Bool { access(path, X_OK) == 0 }
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
