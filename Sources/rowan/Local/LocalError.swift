import Glibc

/// Why `rowan local` cannot go on, in words for whoever started it.
struct LocalError: Error {
    let words: String

    init(_ words: String) { self.words = words }

    /// With what the system said.
    init(_ words: String, errno number: Int32) {
        self.words = "\(words): \(String(cString: strerror(number)))"
    }
}

/// Somebody asked the program to stop while it was waiting for something.
struct Stopped: Error {}
