import JSON
import OpenAPI

/// A whole number within bounds.
struct WholeNumber<let least: Int, let most: Int>: Codable, Sendable, SchemaProviding, Exemplary {
    let number: Int

    private init(number: Int) { self.number = number }

    init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
        guard (least...most).contains(number) else {
            throw JSONFault(
                code: "out_of_range", detail: "Give a whole number from \(least) to \(most)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    static var schema: Schema { .integer(minimum: least, maximum: most) }
    static var example: WholeNumber { WholeNumber(number: least) }
}
