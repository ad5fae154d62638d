import JSON
import OpenAPI

/// What a version of a policy says: its name, whose it is, on what it rests, and its text, as
/// headings and paragraphs or as a link. Anybody may come to read it: it names posts and nobody.
struct PolicyText: Codable, Exemplary {
    let name: Text<200>
    let ownerRole: Role?
    let authors: Text<200>?
    let template: Text<200>?
    let scope: Text<1000>?
    let sections: Few<PolicySection, 100>?
    let textLink: HTTPSLink?
    let appendices: Few<PolicyAppendix, 30>?
    let guidance: Few<GuidanceReliedOn, 40>?
    let linked: Few<LinkedPolicy, 40>?

    static var example: PolicyText {
        PolicyText(
            name: "Online safety policy", ownerRole: .dsl, authors: "The DSL and computing lead",
            template: "The county's model policy", scope: "All who use the school's technology",
            sections: [.example], textLink: nil, appendices: [.example], guidance: [.example],
            linked: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case name, authors, template, scope, sections, appendices, guidance, linked
        case ownerRole = "owner_role"
        case textLink = "text_link"

        var words: String {
            switch self {
            case .name: "What it is called."
            case .ownerRole: "The post whose it is."
            case .authors: "Who wrote it, by their posts."
            case .template: "The template or model it is based on."
            case .scope: "Whom and what it covers."
            case .sections: "The text, in headings and paragraphs; or"
            case .textLink: "where the text is."
            case .appendices: "What is appended to it."
            case .guidance: "The guidance it relies on, with the year (REV-06)."
            case .linked: "The policies it goes with."
            }
        }
    }

    /// What is wrong with its fields together.
    var faults: [JSONFault] {
        var faults: [JSONFault] = []
        if (sections?.elements.isEmpty ?? true) == (textLink == nil) {
            faults.append(
                JSONFault(
                    pointer: "/text", code: "exactly_one",
                    detail: "Give sections or text_link, and not both"))
        }
        if let ownerRole, !ownerRole.isOfASchool || ownerRole == .temporaryStaff {
            faults.append(PolicyFault.fault("/text/owner_role", "no_owner"))
        }
        for (place, appendix) in (appendices?.elements ?? []).enumerated()
        where (appendix.sections?.elements.isEmpty ?? true) == (appendix.link == nil) {
            faults.append(
                JSONFault(
                    pointer: "/text/appendices/\(place)", code: "exactly_one",
                    detail: "Give sections or link, and not both"))
        }
        return faults
    }

    /// All that is said in words, with its place.
    var texts: [PlacedText] {
        let said = [
            PlacedText("/text/name", name.string),
            authors.map { PlacedText("/text/authors", $0.string) },
            template.map { PlacedText("/text/template", $0.string) },
            scope.map { PlacedText("/text/scope", $0.string) },
        ].compactMap(\.self)
        let appended = (appendices?.elements ?? []).enumerated().flatMap { place, appendix in
            [PlacedText("/text/appendices/\(place)/name", appendix.name.string)]
                + Self.texts(of: appendix.sections, at: "/text/appendices/\(place)/sections")
        }
        return said + Self.texts(of: sections, at: "/text/sections") + appended
    }

    private static func texts<let most: Int>(
        of sections: Few<PolicySection, most>?, at pointer: String
    ) -> [PlacedText] {
        (sections?.elements ?? []).enumerated().flatMap { place, section in
            (section.heading.map { [PlacedText("\(pointer)/\(place)/heading", $0.string)] } ?? [])
                + section.paragraphs.elements.enumerated().map {
                    PlacedText("\(pointer)/\(place)/paragraphs/\($0.offset)", $0.element.string)
                }
        }
    }
}

/// A heading with its paragraphs.
struct PolicySection: Codable, Exemplary {
    let heading: Text<200>?
    let paragraphs: Few<Text<4000>, 60>

    static var example: PolicySection {
        PolicySection(heading: "Aims", paragraphs: ["That everybody is safe online."])
    }

    enum CodingKeys: String, FieldWords {
        case heading, paragraphs

        var words: String {
            switch self {
            case .heading: "The heading."
            case .paragraphs: "The paragraphs under it."
            }
        }
    }
}

/// Something appended to a policy.
struct PolicyAppendix: Codable, Exemplary {
    let name: Text<200>
    let sections: Few<PolicySection, 60>?
    let link: HTTPSLink?

    static var example: PolicyAppendix {
        PolicyAppendix(name: "The rules of the infants", sections: nil, link: .example)
    }

    enum CodingKeys: String, FieldWords {
        case name, sections, link

        var words: String {
            switch self {
            case .name: "What it is called."
            case .sections: "Its text; or"
            case .link: "where it is."
            }
        }
    }
}

/// Guidance that a policy relies on, in an edition.
struct GuidanceReliedOn: Codable, Exemplary {
    let code: Text<60>
    let year: WholeNumber<1950, 2199>

    static var example: GuidanceReliedOn {
        GuidanceReliedOn(code: "keeping_children_safe", year: .example)
    }

    enum CodingKeys: String, FieldWords {
        case code, year

        var words: String {
            switch self {
            case .code:
                "Which: `keeping_children_safe`, `working_together` or another that the register "
                    + "knows the editions of; or in words."
            case .year: "Of which year the edition is that it relies on."
            }
        }
    }

    /// As it is shown.
    struct Shown: Codable, Exemplary {
        let code: String
        let year: Int
        let name: String?
        let newestYear: Int?
        let isOutOfDate: Bool

        static var example: Shown {
            Shown(
                code: "keeping_children_safe", year: 2025,
                name: "Keeping Children Safe in Education", newestYear: 2026, isOutOfDate: true)
        }

        enum CodingKeys: String, FieldWords {
            case code, year, name
            case newestYear = "newest_year"
            case isOutOfDate = "is_out_of_date"

            var words: String {
                switch self {
                case .code: "Which."
                case .year: "Of which year the edition is that it relies on."
                case .name: "What it is called; absent where the register does not know it."
                case .newestYear: "The year of the newest edition; likewise."
                case .isOutOfDate: "Whether there is a newer edition."
                }
            }
        }
    }
}

/// A policy that goes with another.
struct LinkedPolicy: Codable, Exemplary {
    let name: Text<200>
    let link: HTTPSLink?

    static var example: LinkedPolicy {
        LinkedPolicy(name: "Child protection policy", link: .example)
    }

    enum CodingKeys: String, FieldWords {
        case name, link

        var words: String {
            switch self {
            case .name: "What it is called."
            case .link: "Where it is."
            }
        }
    }
}
