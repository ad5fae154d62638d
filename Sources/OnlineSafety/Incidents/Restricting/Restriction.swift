import JSON
import OpenAPI

/// To whom an incident is open, and why to so few (INC-47).
struct Restriction: Resource {
    let incidentID: ID<Incident>
    let schoolID: ID<School>
    let kind: Kind?
    let isByName: Bool
    let posts: [Role]
    let people: [Reader]?
    let brokenGlass: [Breaking]?
    let words: String?
    let decidedAt: Instant?
    let decidedBy: String?
    let decidedByRole: Role?

    static let isTagged = false
    static let words = "To whom an incident is open: to posts, or to people by name."
    static var example: Restriction {
        Restriction(
            incidentID: .example, schoolID: .example, kind: .childProtection, isByName: true,
            posts: [], people: [.example], brokenGlass: [.example],
            words: "The family is known to several of us.", decidedAt: .example,
            decidedBy: "Amina Yusuf", decidedByRole: .dsl)
    }

    enum Kind: String, Words {
        case childProtection = "child_protection"
        case allegation

        var label: String {
            switch self {
            case .childProtection: "Child protection"
            case .allegation: "An allegation against an adult of the school"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case kind, posts, people, words
        case incidentID = "incident_id"
        case schoolID = "school_id"
        case isByName = "is_by_name"
        case brokenGlass = "broken_glass"
        case decidedAt = "decided_at"
        case decidedBy = "decided_by"
        case decidedByRole = "decided_by_role"

        var words: String {
            switch self {
            case .incidentID: "The incident."
            case .schoolID: "The school."
            case .kind:
                "As what it is restricted; absent where it is open to all who read incidents. "
                    + "Where a child may be at risk, or an adult of the school to blame, it is so "
                    + "of itself."
            case .isByName: "Whether it is open to nobody but the people named here."
            case .posts: "The posts that may open it."
            case .people: "The people who may open it by name: its lead, and those who were named."
            case .brokenGlass: "Who opened it although it was not open to them."
            case .words: "Why it was restricted, or the restriction lifted, the last time."
            case .decidedAt: "When; absent where it is only restricted of itself."
            case .decidedBy: "By whom."
            case .decidedByRole: "In which post."
            }
        }
    }
}

extension Restriction {
    /// Somebody to whom an incident is open by name.
    struct Reader: Codable, Exemplary {
        let name: String?
        let basis: Basis
        let untilAt: Instant?

        static var example: Reader {
            Reader(name: "Amina Yusuf", basis: .named, untilAt: nil)
        }

        enum Basis: String, Words {
            case lead
            case named
            case brokenGlass = "broken_glass"

            var label: String {
                switch self {
                case .lead: "Leads it"
                case .named: "Was named"
                case .brokenGlass: "Broke the glass, for four hours"
                }
            }
        }

        enum CodingKeys: String, FieldWords {
            case name, basis
            case untilAt = "until_at"

            var words: String {
                switch self {
                case .name: "Who; absent where they are not on the roster any more."
                case .basis: "Why it is open to them."
                case .untilAt: "Until when, if there is an end."
                }
            }
        }
    }

    /// Restricting an incident.
    struct Put: RecordBody {
        let kind: Kind
        let people: Few<ID<Person>, 20>?
        let words: Text<2000>

        static let words = "Why an incident is restricted, and to whom."
        static var example: Put {
            Put(kind: .childProtection, people: nil, words: "The family is known to several of us.")
        }

        var faults: [JSONFault] {
            guard people?.elements.isEmpty == true else { return [] }
            return [
                JSONFault(
                    pointer: "/people", code: "required",
                    detail: "Name somebody, or leave it out to open it to posts")
            ]
        }

        enum CodingKeys: String, FieldWords {
            case kind, people, words

            var words: String {
                switch self {
                case .kind: "As what."
                case .people:
                    "The only people to whom it will be open, from the roster: each holds a post "
                        + "that reads incidents, none is its subject, one of them is in charge. "
                        + "Left out: it is open to the posts of its kind."
                case .words: "Why."
                }
            }
        }
    }

    /// Lifting the restriction of an incident.
    struct Lifted: RecordBody {
        let words: Text<2000>

        static let words = "Why an incident is restricted no more."
        static var example: Lifted { Lifted(words: "No child was at risk after all.") }

        enum CodingKeys: String, FieldWords {
            case words

            var words: String { "Why." }
        }
    }
}
