import JSON
import OpenAPI
import Postgres

/// Where children, parents and staff find help (AGY-08): the national services that the policies
/// name. A school's own are among its reporting channels.
struct Signpost: Resource {
    let name: String
    let `for`: [Audience]
    let what: String
    let website: String
    let telephone: String?

    static let isTagged = false
    static let words = "Where children, parents or staff find help."
    static var example: Signpost {
        Signpost(
            name: "Childline", for: [.pupils, .parents], what: "A child can talk to somebody",
            website: "https://www.childline.org.uk", telephone: "0800 1111")
    }

    /// For whom it is.
    enum Audience: String, Words {
        case pupils
        case parents
        case staff

        var label: String {
            switch self {
            case .pupils: "Pupils"
            case .parents: "Parents and carers"
            case .staff: "Those who work with children"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case name, `for`, what, website, telephone

        var words: String {
            switch self {
            case .name: "What it is called."
            case .for: "For whom it is."
            case .what: "What it is good for."
            case .website: "Its web address."
            case .telephone: "Its telephone number."
            }
        }
    }

    /// Those for some readers, where the question names them.
    struct Asked: Filter {
        let audience: [String]?

        init(_ query: inout QueryReader) {
            audience = query.choices("for", Audience.allCases.map(\.rawValue))
        }

        static let parameters: [Parameter] = [
            .choices("for", "Only those for these.", Audience.allCases.map(\.rawValue))
        ]
    }

    static let route: OnlineSafety.Route = .get(
        "/v1/signposts", "List where help is found",
        """
        For everybody, without log-in: national services that the policies name (AGY-08). What a \
        school has of its own is among its reporting channels.
        """,
        for: nil, by(list)
    ).keptByAnybody(forSeconds: 300)

    static func list(_ asked: Asked, _: PublicAsking, in tx: Transaction) -> Listed<Signpost> {
        tx.listed(
            """
            select * from usual_signposts() as signpost
            where \(asked.audience)::text[] is null
                or signpost."for" && \(asked.audience)::text[]
            """)
    }
}
