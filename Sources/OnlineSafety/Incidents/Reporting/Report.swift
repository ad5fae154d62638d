import JSON
import OpenAPI

/// What a person tells us: everything that source 001's Appendix I asks. Only what happened and
/// whom it concerns are required (INC-01 to INC-05, INC-07, INC-08, INC-15).
struct Report: Telling {
    let schoolID: ID<School>?
    var concerns: Concern
    var matter: Matter?
    let description: Text<8_000_000>
    var isChildAtRisk: Bool?
    let types: Few<IncidentType, 20>?
    let otherBreach: Text<2000>?
    let intent: Intent?
    let channel: Channel?
    let locations: Few<Location, 2>?
    let locationDetail: Text<500>?
    let occurredOn: Day?
    let occurredTime: TimeOfDay?
    let occurredUntil: Day?
    let occurredNote: Text<2000>?
    let isApproximate: Bool?
    let knownAt: Instant?
    private(set) var people: Mentioned<PersonInvolved, 100>?
    let socialMedia: Few<Text<80>, 50>?
    let evidence: Text<10_000>?
    let spokenFor: Text<200>?
    let signedName: Text<200>?
    let completedOn: Day?

    /// What could not be taken, with the reasons.
    var aside: [SetAside] = []

    static let words = "A report of something that happened online, or of a worry about it."

    /// Who told a member of staff is named beside them, a child too young to write above all
    /// (INC-16).
    var gaps: [SetAside] {
        guard channel == .verbal, spokenFor == nil else { return [] }
        return [
            SetAside(
                pointer: "/spoken_for", code: "required", detail: "Say who told you", value: nil)
        ]
    }

    var doubts: Doubts { people?.doubts ?? Doubts() }

    /// With only those persons linked whom the reporter finds on the roster; the other links are
    /// set aside, and their names stay.
    func naming(_ known: [ID<Person>]) -> Report {
        guard let people else { return self }
        var (report, doubts) = (self, people.doubts)
        for (index, person) in people.elements.enumerated() {
            guard let id = person.personID, !known.contains(id) else { continue }
            doubts.note(unknown: id, of: person.part)
            report.aside.append(
                SetAside(
                    pointer: "/people/\(index)/person_id", code: "unknown_person",
                    detail: "Nobody of this id is on the school's roster", value: id.string))
        }
        report.people = Mentioned(
            people.elements.map { $0.linked(among: known) }, doubts)
        return report
    }
}

/// Somebody involved, known to the school's roster or not (INC-03, INC-25).
struct PersonInvolved: Codable {
    let group: PersonGroup?
    let name: Text<200>?
    let contact: Text<500>?
    let detail: Text<500>?
    let part: Part?
    let personID: ID<Person>?

    fileprivate func linked(among known: [ID<Person>]) -> PersonInvolved {
        PersonInvolved(
            group: group, name: name, contact: contact, detail: detail, part: part,
            personID: personID.flatMap { known.contains($0) ? $0 : nil })
    }
}

extension Report {
    static var example: Report {
        Report(
            schoolID: nil, concerns: .child, matter: .event,
            description: """
                A pupil told me at lunch that somebody she does not know has been asking her for \
                photographs in a game's chat since the weekend.
                """,
            isChildAtRisk: true, types: [.grooming], otherBreach: nil, intent: .unknown,
            channel: .verbal, locations: [.outsideSchool], locationDetail: "At home, on a tablet",
            occurredOn: .example, occurredTime: .example, occurredUntil: nil,
            occurredNote: "More than once since Saturday", isApproximate: true, knownAt: .example,
            people: [
                PersonInvolved(
                    group: .child, name: "Robin Ash", contact: nil, detail: "Year 5",
                    part: .target, personID: nil)
            ],
            socialMedia: ["Roblox"], evidence: "The messages are still on the tablet at home.",
            spokenFor: "Robin Ash", signedName: "Amina Yusuf", completedOn: .example)
    }

    enum CodingKeys: String, FieldWords {
        case concerns, matter, description, types, intent, channel, locations, people, evidence
        case schoolID = "school_id"
        case isChildAtRisk = "is_child_at_risk"
        case otherBreach = "other_breach"
        case locationDetail = "location_detail"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case occurredNote = "occurred_note"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case socialMedia = "social_media"
        case spokenFor = "spoken_for"
        case signedName = "signed_name"
        case completedOn = "completed_on"

        var words: String {
            switch self {
            case .schoolID:
                "The school in which you report; needed only when you work in more than one."
            case .concerns: "Whom it concerns. It is sent by this, and never to that person."
            case .matter:
                "What it is about; `event` when nothing is said. An allegation and whistleblowing "
                    + "go where a concern about an adult goes. A message or an attachment is "
                    + "described, and never sent here."
            case .description:
                "What happened: what, when, where and how, in your own words. Never paste a "
                    + "picture or a file: it is cut out."
            case .isChildAtRisk:
                "Whether a child may be at risk of harm; then every DSL is told whom it cannot "
                    + "concern. An answer that cannot be read counts as yes."
            case .types: "What kind of thing happened; several may be given."
            case .otherBreach: "Which rule was broken, with the type `aua_breach_other`."
            case .intent: "Whether it was meant."
            case .channel: "How it came to be known; `form` when nothing is said."
            case .locations: "Where it took place."
            case .locationDetail: "The place in words: a room, a device, a journey."
            case .occurredOn: "The day on which it happened, or began."
            case .occurredTime: "The time of day in England."
            case .occurredUntil: "The last day, when it went on for several."
            case .occurredNote: "The dates or times in words, when there are more than one."
            case .isApproximate: "Whether the day or the time is a guess."
            case .knownAt: "When you came to know of it."
            case .people:
                "Those involved. Of a person who cannot be read whole everything is kept that can "
                    + "be; where nothing can, the report may be about anybody, and goes past those "
                    + "who lead the school."
            case .socialMedia: "The social media, games and apps involved, by name."
            case .evidence: "What evidence there is and who holds it, in words; never the thing."
            case .spokenFor: "The child or other person on whose behalf you report."
            case .signedName: "Your name, typed as a signature."
            case .completedOn: "The day on which the form was filled in; today when not given."
            }
        }
    }
}

extension PersonInvolved {
    enum CodingKeys: String, FieldWords {
        case group, name, contact, detail, part
        case personID = "person_id"

        var words: String {
            switch self {
            case .group: "Child, staff, parent or other; somebody of the roster need not have one."
            case .name: "The full name."
            case .contact: "How they can be reached."
            case .detail: "Class, job, or who they are when the group is `other`."
            case .part:
                "Their part in it. An `alleged` person of the roster never sees the report; nor "
                    + "does an adult of whom no part is given, until the record says that they had "
                    + "another."
            case .personID: "The person in the school's roster, when they are known there."
            }
        }
    }
}
