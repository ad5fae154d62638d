import JSON
import OpenAPI

/// What somebody tells who has no account (USR-13): a pupil, a parent, a visitor. Only what
/// happened and whom it concerns are required, and a name unless the school takes reports without.
struct IntakeReport: Telling {
    var concerns: Concern
    var matter: Matter?
    let description: Text<20_000>
    var isChildAtRisk: Bool?
    let reporterName: Text<200>?
    private(set) var reporterKind: ReporterKind?
    let reporterContact: Text<500>?
    let spokenFor: Text<200>?
    let signedName: Text<200>?
    let types: Few<IncidentType, 20>?
    let otherBreach: Text<2000>?
    let intent: Intent?
    let locations: Few<Location, 2>?
    let locationDetail: Text<500>?
    let occurredOn: Day?
    let occurredTime: TimeOfDay?
    let occurredUntil: Day?
    let occurredNote: Text<2000>?
    let isApproximate: Bool?
    let knownAt: Instant?
    let people: Mentioned<PersonMentioned, 30>?
    let socialMedia: Few<Text<80>, 50>?
    let evidence: Text<5000>?

    /// What could not be taken, with the reasons.
    var aside: [SetAside] = []

    static let words = "A report by somebody who has no account."

    var doubts: Doubts { people?.doubts ?? Doubts() }

    /// Every fault at once, a missing name among them: whether one is required only the school's
    /// key says.
    static func take(from call: inout Call) throws -> IntakeReport {
        let (caller, sent) = (try IntakeCaller.take(from: &call), try json(of: call))
        let nameless = JSONFault(
            pointer: "/reporter_name", code: "required",
            detail: "Say who you are: this school does not take reports without a name")
        let isNamed =
            caller.takesAnonymous && !sent.0.isOfTemporaryStaff || sent.0.namesReporter
        do throws(Problem) {
            let told = try read(sent)
            guard isNamed else { throw Problem([nameless]) }
            return caller.takesGuests ? told : told.ofNoGuest
        } catch {
            guard !isNamed, error.faults.allSatisfy({ $0.pointer != "/reporter_name" }) else {
                throw error
            }
            throw Problem(
                error.faults.map {
                    JSONFault(pointer: $0.pointer ?? "", code: $0.code, detail: $0.detail)
                } + [nameless])
        }
    }

    /// Temporary staff have log-ins of their own where the school has said nothing else (USR-10):
    /// the report is taken as anybody's, and its readers see why.
    private var ofNoGuest: IntakeReport {
        guard reporterKind == .temporaryStaff else { return self }
        var report = self
        report.reporterKind = nil
        report.aside.append(
            SetAside(
                pointer: "/reporter_kind", code: "no_guest_log_in",
                detail: "Here temporary staff have a log-in of their own",
                value: JSON.string(of: ReporterKind.temporaryStaff)))
        return report
    }

    static var example: IntakeReport {
        IntakeReport(
            concerns: .child, matter: nil,
            description: "Somebody in my year puts up pictures of other children and laughs.",
            isChildAtRisk: nil, reporterName: "Mina Patel", reporterKind: .pupil,
            reporterContact: "Class 5B", spokenFor: nil, signedName: nil, types: [.cyberbullying],
            otherBreach: nil, intent: nil, locations: [.outsideSchool], locationDetail: nil,
            occurredOn: .example, occurredTime: nil, occurredUntil: nil,
            occurredNote: "Most days after school", isApproximate: true, knownAt: nil,
            people: [
                PersonMentioned(
                    group: .child, name: "Robin Ash", contact: nil, detail: nil, part: .target)
            ],
            socialMedia: ["Snapchat"], evidence: "I have seen them; I did not save any.")
    }

    enum CodingKeys: String, FieldWords {
        case concerns, matter, description, types, intent, locations, people, evidence
        case isChildAtRisk = "is_child_at_risk"
        case reporterName = "reporter_name"
        case reporterKind = "reporter_kind"
        case reporterContact = "reporter_contact"
        case spokenFor = "spoken_for"
        case signedName = "signed_name"
        case otherBreach = "other_breach"
        case locationDetail = "location_detail"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case occurredNote = "occurred_note"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case socialMedia = "social_media"

        var words: String {
            switch self {
            case .reporterName:
                "Your name; required unless the school takes reports without one, and always of "
                    + "temporary staff."
            case .reporterKind: "Who you are to the school; `other` when nothing is said."
            case .reporterContact: "How you can be reached, if you would like to be."
            default: Report.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

/// Somebody involved, by name: whoever has no account knows no roster.
struct PersonMentioned: Codable {
    let group: PersonGroup?
    let name: Text<200>?
    let contact: Text<500>?
    let detail: Text<500>?
    let part: Part?

    enum CodingKeys: String, FieldWords {
        case group, name, contact, detail, part

        var words: String {
            switch self {
            case .part: "Their part in it."
            default: PersonInvolved.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

/// Who somebody without an account says they are (USR-13).
enum ReporterKind: String, Words {
    case pupil
    case parent
    case visitor
    case volunteer
    case communityMember = "community_member"
    case temporaryStaff = "temporary_staff"
    case other

    var label: String {
        switch self {
        case .pupil: "A pupil"
        case .parent: "A parent or carer"
        case .visitor: "A visitor or contractor"
        case .volunteer: "A volunteer"
        case .communityMember: "Another member of the community"
        case .temporaryStaff: "Temporary staff, by the school's guest log-in"
        case .other: "Somebody else, or not said"
        }
    }
}

extension JSONValue {
    /// Whether a name is given, be it one that cannot be taken as it is: it is kept beside.
    fileprivate var namesReporter: Bool {
        guard let name = self["reporter_name"]?.text else { return false }
        return !name.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// Whether it says that it is one of temporary staff, who are named in any case (USR-10).
    fileprivate var isOfTemporaryStaff: Bool {
        self["reporter_kind"]?.text == ReporterKind.temporaryStaff.rawValue
    }
}
