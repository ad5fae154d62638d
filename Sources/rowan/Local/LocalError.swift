import Glibc

/// Why `rowan local` cannot go on, in words for whoever started it.
struct LocalError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// With what the system said.
    init(_ words: String, errno number: Int32) {
        description = "\(words): \(String(cString: strerror(number)))"
    }
}

/// Somebody asked the program to stop while it was waiting for something.
struct Stopped: Error {}
