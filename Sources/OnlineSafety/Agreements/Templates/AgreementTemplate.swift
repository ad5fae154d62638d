import JSON
import OpenAPI

/// A set of rules that lives on through its versions (AGR-01).
struct AgreementTemplate: Resource {
    let id: ID<AgreementTemplate>
    let schoolID: ID<School>
    let name: String
    let versionID: ID<AgreementVersion>?
    let number: Int?
    let title: String?
    let effectiveOn: Day?
    let draftID: ID<AgreementVersion>?
    let audience: [AudienceEntry]
    let audienceFromOn: Day?
    let etag: String

    static let words = "A set of rules that lives on through its versions."
    static let address: StaticString? = "/v1/agreement-templates/"
    static var example: AgreementTemplate {
        AgreementTemplate(
            id: .example, schoolID: .example, name: "Pupils, Key Stage 2", versionID: .example,
            number: 3, title: "Our rules online", effectiveOn: .example, draftID: nil,
            audience: [.example], audienceFromOn: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, name, number, title, audience, etag
        case schoolID = "school_id"
        case versionID = "version_id"
        case effectiveOn = "effective_on"
        case draftID = "draft_id"
        case audienceFromOn = "audience_from_on"

        var words: String {
            switch self {
            case .id: "The template."
            case .schoolID: "The school."
            case .name: "What the school calls it; its versions have titles of their own."
            case .versionID: "The version in force today; absent where there is none."
            case .number: "Its number."
            case .title: "Its title."
            case .effectiveOn: "Since when it is in force."
            case .draftID:
                "The version that is being written; only for those who write agreements."
            case .audience: "To whom it is put; nobody, where it is empty (AGR-26)."
            case .audienceFromOn: "From which day on that holds, today, before or to come."
            case .etag: "The version of its audience, to be sent as If-Match."
            }
        }
    }

    /// A new one.
    struct Made: Body {
        let schoolID: ID<School>?
        let name: Text<100>

        static let words = "A template, as somebody makes it."
        static var example: Made { Made(schoolID: nil, name: "Pupils, Key Stage 2") }

        enum CodingKeys: String, FieldWords {
            case name
            case schoolID = "school_id"

            var words: String {
                switch self {
                case .schoolID: "The school; needed where the caller writes for several."
                case .name: "What the school calls it."
                }
            }
        }
    }
}

/// Persons of a kind, of all phases or of some (AGR-02).
struct AudienceEntry: Codable, Exemplary {
    let kind: PersonKind
    let phases: Few<Phase, 6>?

    static var example: AudienceEntry { AudienceEntry(kind: .pupil, phases: [.keyStage2]) }

    enum CodingKeys: String, FieldWords {
        case kind, phases

        var words: String {
            switch self {
            case .kind: "What they are to the school."
            case .phases: "Only pupils of these phases; of all when not given."
            }
        }
    }
}

/// To whom a template is put from a day on, all of it at once.
struct AudienceChoice: Body {
    let entries: Few<AudienceEntry, 40>
    let fromOn: Day?

    static let words = "To whom a template is put."
    static var example: AudienceChoice { AudienceChoice(entries: [.example], fromOn: nil) }

    var faults: [JSONFault] {
        entries.elements.enumerated().compactMap { place, entry in
            guard let phases = entry.phases else { return nil }
            if entry.kind != .pupil {
                return JSONFault(
                    pointer: "/entries/\(place)/phases", code: "not_of_pupils",
                    detail: "Only pupils belong to a phase")
            }
            return phases.elements.isEmpty
                ? JSONFault(
                    pointer: "/entries/\(place)/phases", code: "required",
                    detail: "Name a phase, or leave it out for all")
                : nil
        }
    }

    enum CodingKeys: String, FieldWords {
        case entries
        case fromOn = "from_on"

        var words: String {
            switch self {
            case .entries: "The kinds of persons; none switches it off."
            case .fromOn: "From which day on: today, when not given, or up to two years ahead."
            }
        }
    }
}
