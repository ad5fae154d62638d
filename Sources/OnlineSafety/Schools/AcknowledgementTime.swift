import JSON
import OpenAPI
import Postgres

/// Within how many minutes somebody acknowledges what is urgent, in one school; then it climbs to
/// the next post (NOT-03).
struct AcknowledgementTime: Resource {
    let schoolID: ID<School>
    let minutes: Int
    let effectiveOn: Day?
    let setAt: Instant?
    let etag: String

    static let words =
        "Within how many minutes somebody acknowledges what is urgent, before it climbs."
    static var example: AcknowledgementTime {
        AcknowledgementTime(
            schoolID: .example, minutes: 30, effectiveOn: .example, setAt: .example,
            etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case minutes, etag
        case schoolID = "school_id"
        case effectiveOn = "effective_on"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .minutes: "The minutes for each post, before the next one is told."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .effectiveOn: "From which day it holds; absent while the usual value does."
            case .setAt: "When it was set."
            }
        }
    }

    /// The choice of a school.
    struct Choice: Body {
        let minutes: Minutes

        static let words = "The minutes to wait for an acknowledgement, from now."
        static var example: Choice { Choice(minutes: .example) }

        enum CodingKeys: String, FieldWords {
            case minutes

            var words: String {
                switch self {
                case .minutes: "From 5 minutes to a day; what waits already is held to it too."
                }
            }
        }
    }

    /// From five to 1,440.
    struct Minutes: Codable, SQLValue, SchemaProviding, Exemplary {
        let number: Int

        private static let bounds = 5...1440

        init(from decoder: any Decoder) throws {
            number = try decoder.singleValueContainer().decode(Int.self)
            guard Self.bounds.contains(number) else {
                throw JSONFault(
                    code: "out_of_range",
                    detail: "From \(Self.bounds.lowerBound) to \(Self.bounds.upperBound) minutes")
            }
        }

        private init(_ number: Int) { self.number = number }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(number)
        }

        func bind(to parameters: inout Parameters) { number.bind(to: &parameters) }

        static var schema: Schema {
            .integer(minimum: bounds.lowerBound, maximum: bounds.upperBound)
        }
        static var example: Minutes { Minutes(30) }
    }
}

extension Schools {
    private static let timeSetting = Setting("acknowledgement_minutes", shownAs: "minutes") {
        "setting.value::integer"
    }

    static func acknowledgementTime(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<AcknowledgementTime> {
        tx.stored(timeSetting.inForce(at: school, reach))
    }

    static func setAcknowledgementTime(
        of school: ID<School>, to choice: AcknowledgementTime.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<AcknowledgementTime> {
        let next = try await timeSetting.next(at: school, ifMatch, reach, in: tx)
        return timeSetting.set(
            next, "to_jsonb(\(choice.minutes)::integer)", at: school, reach, in: tx)
    }
}
