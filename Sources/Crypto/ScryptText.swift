/// The stored form of a password's hash, read strictly: fields in one order, decimal numbers
/// without sign or leading zero, base64 in its one spelling.
struct ScryptText: CustomStringConvertible {
    let cost: Scrypt.Cost
    let salt: [UInt8]
    let hash: [UInt8]

    init(cost: Scrypt.Cost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    init?(_ text: String) {
        let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].isEmpty, fields[1].elementsEqual("scrypt".utf8),
            let cost = Self.cost(fields[2]), cost.isBearable,
            let salt = Base64.standard.decode(fields[3]), (8...64).contains(salt.count),
            let hash = Base64.standard.decode(fields[4]), (16...64).contains(hash.count)
        else { return nil }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    var description: String {
        let cost = "ln=\(cost.logN),r=\(cost.r),p=\(cost.p)"
        return "$scrypt$\(cost)$\(Base64.standard.encode(salt))$\(Base64.standard.encode(hash))"
    }

    private static func cost(_ text: Substring.UTF8View) -> Scrypt.Cost? {
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 3, let logN = number(parts[0], named: "ln="),
            let r = number(parts[1], named: "r="), let p = number(parts[2], named: "p=")
        else { return nil }
        return Scrypt.Cost(logN: logN, r: r, p: p)
    }

    private static func number(_ text: Substring.UTF8View, named name: String) -> UInt64? {
        guard text.starts(with: name.utf8) else { return nil }
        let digits = text.dropFirst(name.utf8.count)
        guard (1...2).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
