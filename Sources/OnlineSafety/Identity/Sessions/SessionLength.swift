/// How long a session lasts at most, whatever the schools say.
package struct SessionLength: Sendable {
    let seconds: Int

    /// Where nobody logs in.
    static let none = SessionLength()

    private init() { seconds = 0 }

    /// From a minute to a week.
    package init?(seconds: Int) {
        guard (60...604_800).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    var interval: String { "\(seconds) seconds" }
}
