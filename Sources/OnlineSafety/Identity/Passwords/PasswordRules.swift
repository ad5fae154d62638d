import JSON
import Postgres

/// What a new password must be (SEC-01, S-20): long enough, of mixed characters where the school
/// asks for that, and not one of those that everybody tries first.
struct PasswordRules {
    /// From 12 to 64.
    let length: Int

    /// Capitals, small letters, digits and signs.
    let isMixed: Bool

    /// The owner's name and address, and the names of their schools.
    let words: [String]

    /// From a row of `password_of_the_caller`, or of the link by which somebody chooses one.
    init(_ found: Answer) {
        length = found.int(0, "length") ?? 15
        isMixed = found.bool(0, "is_mixed") == true
        let names = [found.text(0, "name"), found.text(0, "email")].compactMap(\.self)
        words = (names + (found.texts(0, "schools") ?? [])).flatMap { name in
            name.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.count > 2 }
        }
    }

    /// Throws 422 with every fault; none repeats the password.
    func check(_ password: String, at pointer: String) throws(Problem) {
        var faults: [JSONFault] = []
        if password.unicodeScalars.count < length {
            faults.append(
                JSONFault(
                    pointer: pointer, code: "too_short", detail: "At least \(length) characters"))
        }
        if isMixed, !Self.mixes(password) {
            faults.append(
                JSONFault(
                    pointer: pointer, code: "not_mixed",
                    detail: "Mix capitals, small letters, digits and signs"))
        }
        if GuessablePassword.isGuessable(password, besides: words) {
            faults.append(
                JSONFault(
                    pointer: pointer, code: "too_common",
                    detail: "Many would try this first: choose words that do not belong together"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
    }

    private static func mixes(_ password: String) -> Bool {
        password.contains(where: \.isUppercase) && password.contains(where: \.isLowercase)
            && password.contains(where: \.isNumber)
            && password.contains { !$0.isLetter && !$0.isNumber && !$0.isWhitespace }
    }
}

/// Passwords that are long and still tried first: made of nothing but words from the lists of those
/// that are used most, of the school's and the owner's own names, of digits and of signs; or of a
/// few characters, or a row of the keyboard.
enum GuessablePassword {
    static func isGuessable(_ password: String, besides words: [String]) -> Bool {
        let known = common.union(words).union(words.map(plain))
        // As it stands, and as it was meant: digits are a year in one and letters in the other.
        return [password.lowercased(), plain(password)].contains { text in
            let letters = text.filter(\.isLetter)
            return Set(text).count < 5 || isRow(letters) || letters.count < 4
                || isMade(of: known, letters)
        }
    }

    /// Without what people put in place of letters, so that `P@ssw0rd` is what it is.
    private static func plain(_ text: String) -> String {
        let meant: [Character: Character] = [
            "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s",
        ]
        return String(text.lowercased().map { meant[$0] ?? $0 })
    }

    /// Whether each character follows the one before, in the alphabet or on the keyboard.
    private static func isRow(_ letters: String) -> Bool {
        letters.count > 3
            && (keyboard + ["abcdefghijklmnopqrstuvwxyz"]).contains { row in
                let twice = row + row
                return twice.contains(letters) || String(twice.reversed()).contains(letters)
            }
    }

    /// Whether a text is a row of such words, each taken as often as one likes.
    private static func isMade(of words: Set<String>, _ text: String) -> Bool {
        let text = Array(text)
        var reached = [true] + [Bool](repeating: false, count: text.count)
        for end in 1...max(1, text.count) where end <= text.count {
            reached[end] = (0..<end).contains { start in
                reached[start] && words.contains(String(text[start..<end]))
            }
        }
        return reached[text.count]
    }

    private static let keyboard = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]

    private static let common: Set<String> = [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "password", "passwort", "passord", "qwerty", "azerty",
        "letmein", "welcome",
        "admin", "administrator", "login", "master", "monkey", "dragon", "football", "baseball",
        "liverpool", "arsenal", "chelsea", "sunshine", "princess", "iloveyou", "love", "superman",
        "batman", "pokemon", "starwars", "computer", "internet", "secret", "changeme", "change",
        "default", "test", "testing", "guest", "user", "school", "primary", "infant", "junior",
        "academy", "teacher", "teaching", "head", "headteacher", "office", "staff", "pupil",
        "class", "classroom", "safeguarding", "online", "safety", "rowan", "register", "england",
        "london", "summer", "winter", "spring", "autumn", "january", "february", "march", "april",
        "june", "july", "august", "september", "october", "november", "december", "monday",
        "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "hello", "please",
        "my", "the", "is", "a", "i", "you", "me", "new", "old", "abc", "abcd", "xyz", "asdf",
        "asdfgh", "zxcvbn", "one", "two", "three", "pass", "word", "key", "access", "system",
    ]
}
