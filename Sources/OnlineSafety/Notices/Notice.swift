import JSON
import OpenAPI
import Postgres

/// That there is something to look at: a reference, a kind, an urgency and a link; never a name or
/// a detail of a child or a case (NOT-01, NOT-02).
struct Notice: Resource {
    let id: ID<Notice>
    let schoolID: ID<School>
    let kind: NoticeKind
    let urgency: Urgency
    let reference: String
    let role: Role
    let link: String?
    let createdAt: Instant
    let acknowledgedAt: Instant?
    let mail: MailState?
    let mailedAt: Instant?
    let etag: String

    static let words = "That there is something to look at. It names nobody and tells nothing."
    static var example: Notice {
        Notice(
            id: .example, schoolID: .example, kind: .incidentReported, urgency: .urgent,
            reference: "7K3Q-F2MX", role: .dsl,
            link: "/v1/incidents/0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a44", createdAt: .example,
            acknowledgedAt: nil, mail: .sent, mailedAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, urgency, reference, role, link, mail, etag
        case schoolID = "school_id"
        case createdAt = "created_at"
        case acknowledgedAt = "acknowledged_at"
        case mailedAt = "mailed_at"

        var words: String {
            switch self {
            case .id: "The notice."
            case .kind: "What it is about."
            case .urgency: "How soon somebody must look."
            case .reference: "The reference of the record, for talking about it."
            case .role: "The post for which I have it."
            case .link: "Where the record is read; absent where it is not open to the post."
            case .mail: "Whether it went by mail too; absent where there is no mail address."
            case .mailedAt: "When the school's mail program took it; absent until then."
            case .etag: "Its version, as in the ETag header."
            case .schoolID: "The school."
            case .createdAt: "When it was sent."
            case .acknowledgedAt: "When I acknowledged it; absent until then."
            }
        }
    }
}

/// What a notice is about.
enum NoticeKind: String, Words {
    case incidentReported = "incident_reported"
    case noticeUnanswered = "notice_unanswered"
    case incidentSentOn = "incident_sent_on"
    case communicationReported = "communication_reported"
    case attackSuspected = "attack_suspected"
    case confirmationWanted = "confirmation_wanted"
    case restrictedReported = "restricted_reported"
    case glassBroken = "glass_broken"
    case misuseSuspected = "misuse_suspected"
    case secondFactorChanged = "second_factor_changed"
    case trustSettingChanged = "trust_setting_changed"
    case signInChanged = "sign_in_changed"
    case rotationWanted = "rotation_wanted"
    case agreementAwaited = "agreement_awaited"
    case agreementLapses = "agreement_lapses"
    case dutiesDue = "duties_due"
    case dutiesOverdue = "duties_overdue"
    case deviceHeld = "device_held"
    case deviceReleased = "device_released"
    case emergencyCalled = "emergency_called"
    case complaintRouted = "complaint_routed"

    var label: String {
        switch self {
        case .incidentReported: "An incident has been reported"
        case .noticeUnanswered: "An urgent notice has not been answered"
        case .communicationReported:
            "An offensive or suspect message, e-mail or attachment has been reported: open none "
                + "that is like it, and ask the headteacher"
        case .attackSuspected: "Somebody seems to guess at an account of the school"
        case .restrictedReported:
            "A restricted incident has been reported: the DSL has it, and it is not open to this "
                + "post"
        case .misuseSuspected: "Somebody of the school was refused often within an hour"
        case .trustSettingChanged: "The trust has changed what it says of a setting for the school"
        case .secondFactorChanged:
            "My second factor, or its recovery codes, were set up anew or removed: if that was not "
                + "me, tell the headteacher at once"
        case .signInChanged:
            "How you sign in was changed: if it was not you, tell your headteacher"
        case .rotationWanted:
            "Somebody goes who knows the secret of a program that asks: give it another"
        case .agreementAwaited: "An agreement waits to be read and signed by me"
        case .agreementLapses:
            "What I have signed lapses soon: I am asked to sign it again on that day"
        case .dutiesDue: "Something that I have to do is due soon: see my duties"
        case .dutiesOverdue: "Something that I had to do is overdue: see my duties"
        case .deviceHeld: "A device is held, do not touch: the reference says which"
        case .deviceReleased: "A device is held no more: the reference says which"
        case .emergencyCalled:
            "Somebody who reported an incident has called for help, or sent somebody to the police"
        case .complaintRouted: "A complaint is for this post: see the complaints"
        case .glassBroken: "Somebody opened a restricted incident by breaking the glass"
        case .incidentSentOn: "After triage, an incident is for this post as well"
        case .confirmationWanted: "A change of posts or settings waits for a second person"
        }
    }
}

/// What became of the mail that a notice goes by.
enum MailState: String, Words {
    case waiting, sent, failed
    case notNeeded = "not_needed"

    var label: String {
        switch self {
        case .waiting: "Waits to be sent, or to be tried again"
        case .sent: "Taken by the mail program"
        case .failed: "Given up"
        case .notNeeded: "Acknowledged before it went, or a day old when mail was switched on"
        }
    }
}

/// Which notices to list.
struct NoticeFilter: Filter {
    let school: ID<School>?
    let urgency: [Urgency]?
    let isAcknowledged: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        urgency = query.words("urgency", Urgency.self)
        isAcknowledged = query.flag("acknowledged")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("urgency", "Only those as urgent as this.", Urgency.self),
        .query("acknowledged", "`false`: only those that still wait for me.", .boolean, false),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or notice.school_id = \(school))
        and (\(urgency)::text[] is null or notice.urgency = any(\(urgency)))
        and (\(isAcknowledged)::boolean is null
            or (notice.acknowledged_at is not null) = \(isAcknowledged))
        """
    }
}

/// The orders in which notices can be listed.
enum NoticeOrder: String, SortOrder {
    case newest = "-created_at"
    case oldest = "created_at"

    var sql: SQL {
        switch self {
        case .newest: "notice.created_at desc, notice.id desc"
        case .oldest: "notice.created_at, notice.id"
        }
    }

    var key: SQL { "notice.created_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest: "(notice.created_at, notice.id) < (\(key)::timestamptz, \(id)::uuid)"
        case .oldest: "(notice.created_at, notice.id) > (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}
