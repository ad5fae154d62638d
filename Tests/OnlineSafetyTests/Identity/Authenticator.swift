import Crypto
import JSON
import Testing

@testable import OnlineSafety

/// What people do with the device that shows their codes.
extension Visitor {
    /// Sets a second factor up at this moment, in seconds since 1970, with the code of the step
    /// before; what the device then knows, and the recovery codes.
    func setUpSecondFactor(at moment: Int) throws -> (totp: TOTP, codes: [String]) {
        #expect(try post("/v1/me/second-factor").code == "step_up_required")
        let right = JSONValue.string(TestSchool.password)
        #expect(try post("/v1/session/step-up", ["password": right]).status == 201)
        let begun = try post("/v1/me/second-factor")
        #expect(begun.status == 201)
        let secret = try #require(begun["secret"])
        #expect(begun["address"]?.contains("secret=\(secret)&issuer=Rowan") == true)
        let totp = TOTP(secret: Self.base32(secret))
        #expect(try confirmSecondFactor("000000").status == 422)
        let done = try confirmSecondFactor(totp.code(of: TOTP.step(at: moment) - 1))
        #expect(done.status == 201)
        return (totp, done.recoveryCodes)
    }

    /// The device's secret of what this begins.
    func beginSecondFactor() throws -> TOTP {
        TOTP(secret: Self.base32(try #require(try post("/v1/me/second-factor")["secret"])))
    }

    func confirmSecondFactor(_ code: String) throws -> Reading {
        try post("/v1/me/second-factor/confirmation", ["code": .string(code)])
    }

    func stepUp(with code: String) throws -> Reading {
        try post("/v1/session/step-up", ["code": .string(code)])
    }

    func giveCode(_ code: String) throws -> Reading {
        try post("/v1/session/code", ["code": .string(code)])
    }

    private static func base32(_ text: String) -> [UInt8] {
        var (bytes, bits, held) = ([UInt8](), UInt32(0), 0)
        for character in text.utf8 {
            let value = character < 65 ? UInt32(character) - 24 : UInt32(character) - 65
            (bits, held) = (bits << 5 | value, held + 5)
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return bytes
    }
}

extension Reading {
    var recoveryCodes: [String] {
        guard case .array(let codes)? = json["codes"] else { return [] }
        return codes.compactMap(\.text)
    }
}
