import Crypto
import JSON
import OpenAPI
import Postgres

/// A code of the second factor.
struct CodeGiven: Body {
    let code: Text<40>

    static let words = "A code of the second factor."
    static var example: CodeGiven { CodeGiven(code: "123 456") }

    enum CodingKeys: String, FieldWords {
        case code

        var words: String {
            switch self {
            case .code:
                "The six digits that the device shows now, or where it is lost a recovery code; "
                    + "blanks and hyphens do not matter."
            }
        }
    }
}

/// The secret of a second factor that was begun, shown this once.
struct SecondFactorBegun: Resource {
    static let isTagged = false

    let secret: String
    let address: String

    static let words = "The secret of a second factor that was begun, shown this once."
    static var example: SecondFactorBegun {
        SecondFactorBegun(
            secret: Array("12345678901234567890".utf8), email: "amina.yusuf@hawthorn.example")
    }

    enum CodingKeys: String, FieldWords {
        case secret, address

        var words: String {
            switch self {
            case .secret: "For typing into an authenticator program: base32, codes by the time."
            case .address: "The same as an `otpauth` address, for drawing as a square of dots."
            }
        }
    }
}

extension SecondFactorBegun {
    init(secret: [UInt8], email: String) {
        self.secret = Base32.encode(secret)
        let name = email.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (97...122).contains(byte) || "-._".utf8.contains(byte)
            return isPlain
                ? String(decoding: [byte], as: UTF8.self) : "%" + Hex.encode([byte]).uppercased()
        }
        address =
            "otpauth://totp/Rowan:\(name.joined())?secret=\(self.secret)&issuer=Rowan"
            + "&algorithm=SHA1&digits=6&period=\(TOTP.secondsOfAStep)"
    }
}

/// Codes for when the device is lost, shown this once.
struct RecoveryCodes: Resource {
    static let isTagged = false

    let codes: [String]

    static let words = "Codes for when the device is lost, shown this once."
    static var example: RecoveryCodes {
        RecoveryCodes(codes: ["MZXW-6YTB-OI4D-AMBR", "JBSW-Y3DP-EHPK-3PXP"])
    }

    enum CodingKeys: String, FieldWords {
        case codes

        var words: String {
            switch self {
            case .codes: "Each opens one log-in in place of a code. Keep them on paper."
            }
        }
    }
}
