import Crypto
import Postgres

/// What people call a record: eight letters and digits that are hard to confuse, such as
/// `7K3Q-F2MX`. Chance, not a count: it tells nobody how many there are.
package struct Reference: SQLValue {
    let string: String

    package init() {
        let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8.map(Unicode.Scalar.init))
        var text = String.UnicodeScalarView()
        while text.count < 9 {
            // Bytes beyond the last whole multiple are thrown away, so that all are as likely.
            for byte in Random.bytes(12) where Int(byte) < 256 / letters.count * letters.count {
                if text.count == 4 { text.append("-") }
                text.append(letters[Int(byte) % letters.count])
                if text.count == 9 { break }
            }
        }
        string = String(text)
    }

    package func bind(to parameters: inout Parameters) { string.bind(to: &parameters) }
}
