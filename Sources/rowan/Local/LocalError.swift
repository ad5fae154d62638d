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

extension LocalError {
    /// Why a database of its own could not be brought forward: where other files made it than those
    /// that are here, nothing but a new one goes on.
    func explained(by place: ClusterPlace) -> LocalError {
        let reasons = ["is not the file that was applied", "the database is at"]
        guard reasons.contains(where: description.contains) else { return self }
        return LocalError(
            """
            \(description)
            The database of this folder was made by other migrations than those that are here. \
            What is in it cannot be taken along; to begin afresh, remove it and start again:
              rm -r '\(place.data)'
            """)
    }
}

/// Somebody asked the program to stop while it was waiting for something.
struct Stopped: Error {}
