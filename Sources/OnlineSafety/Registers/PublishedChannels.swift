import HTTP
import JSON
import OpenAPI
import Postgres

/// Where anybody may report something to a school, and find safety information: without log-in, and
/// nothing that is about a person (ORG-16, X-07).
struct PublishedChannels: Resource {
    let schoolID: ID<School>
    let name: String
    let channels: [Channel]
    let etag: String

    static let schemaName = "ReportingChannels"
    static let words = "Where to report something to a school, and where to find out about safety."
    static var example: PublishedChannels {
        PublishedChannels(
            schoolID: .example, name: "Hawthorn Primary School",
            channels: [
                Channel(
                    reach: .national, name: "Childline", how: "Ring or write at any time",
                    post: nil, telephone: "0800 1111", email: nil,
                    website: "https://www.childline.org.uk")
            ], etag: "\"5f0c\"")
    }

    struct Channel: Codable {
        let reach: ChannelReach
        let name: String
        let how: String?
        let post: Role?
        let telephone: String?
        let email: String?
        let website: String?
    }

    enum CodingKeys: String, FieldWords {
        case name, channels, etag
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .name: "What the school is called."
            case .channels: "The school's own first, then local and national ones."
            case .etag: "Its version, as in the ETag header."
            case .schoolID: "The school."
            }
        }
    }

    static let route: Route = .get(
        "/v1/schools/{school}/reporting-channels", "Read the reporting channels of a school",
        """
        For everybody, without log-in: those in force today. It may be kept for five minutes, and \
        asked for again by its ETag. Each address may ask so often (429).
        """,
        for: nil, by(read)
    ).keptByAnybody(forSeconds: 300)

    static func read(
        of school: ID<School>, _: PublicAsking, in tx: Transaction
    ) -> Stored<PublishedChannels> {
        tx.stored("select * from published_reporting_channels(\(school))")
    }
}

extension PublishedChannels.Channel {
    enum CodingKeys: String, FieldWords {
        case reach, name, how, post, telephone, email, website

        var words: String {
            switch self {
            case .reach: "Whose it is."
            case .name: "What it is called."
            case .how: "How to use it, and for what."
            case .post: "The post that answers there."
            case .telephone: "The telephone number."
            case .email: "The e-mail address."
            case .website: "The web address."
            }
        }
    }
}

/// Somebody who asks without a credential: so often from one address, and no more (429).
struct PublicAsking: Argument {
    static func take(from call: inout Call) throws -> PublicAsking {
        let address = call.service.proxies.client(
            of: call.request, from: call.connection.peerAddress)
        try call.service.publicLimits.count(address, at: call.service.loop.now)
        return PublicAsking()
    }

    static func describe(_ operation: inout OperationWords) {
        operation.refuses(.tooManyRequests)
    }
}
