import JSON
import OpenAPI

/// By which rules a school gives access to a system, all of them at once (ACC-02 to ACC-09).
struct AccessRules: Body {
    let opens: Access
    let kinds: Few<PersonKind, 15>
    let posts: Few<Role, 16>?
    let approvers: Few<Role, 6>?
    let pupilAccounts: PupilAccounts?
    let levels: Few<PhaseLevel, 6>?
    let schoolDevicesOnly: Bool?
    let rosterKinds: Few<PersonKind, 15>?
    let followsClasses: Bool?
    let onLeaving: AccountOfALeaver?
    let isInUse: Bool?

    static let words = "By which rules a school gives access to a system, all of them at once."
    static var example: AccessRules {
        AccessRules(
            opens: .learningPlatform, kinds: [.pupil, .teacher], posts: nil,
            approvers: [.headteacher, .seniorLeader], pupilAccounts: .each, levels: [.example],
            schoolDevicesOnly: true, rosterKinds: [.pupil],
            followsClasses: true, onLeaving: .freeze, isInUse: true)
    }

    enum CodingKeys: String, FieldWords {
        case opens, kinds, posts, approvers, levels
        case pupilAccounts = "pupil_accounts"
        case schoolDevicesOnly = "school_devices_only"
        case rosterKinds = "roster_kinds"
        case followsClasses = "follows_classes"
        case onLeaving = "on_leaving"
        case isInUse = "is_in_use"

        var words: String {
            switch self {
            case .opens: "What the gate is asked for before it is given."
            case .kinds: "Who may have it, by what they are to the school."
            case .posts: "One of these posts must be held as well; none, when not given."
            case .approvers: "Who approves; the headteacher and a senior leader when not given."
            case .pupilAccounts:
                "Whether pupils have accounts of their own there. What the school says of all "
                    + "(setting `pupil_accounts`) holds where it is the stronger."
            case .levels: "What pupils of each phase may do there (ACC-05)."
            case .schoolDevicesOnly: "Whether pupils reach it on the school's devices only."
            case .rosterKinds:
                "Who is given it on joining: for each of these a task is opened, and these rules "
                    + "are the approval. Never supply staff: theirs is asked for with a last day."
            case .followsClasses:
                "Whether an account stands in its pupil's class, so that another class is a task."
            case .onLeaving: "What becomes of a leaver's account; `freeze` when not given."
            case .isInUse: "Whether it is given at all; yes, when not given."
            }
        }
    }

    var faults: [JSONFault] {
        var faults: [JSONFault] = []
        func note(_ pointer: String, _ code: String, _ detail: String) {
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        if kinds.elements.isEmpty { note("/kinds", "required", "Say who may have it") }
        if posts?.elements.isEmpty == true {
            note("/posts", "required", "Name a post, or leave it out for none")
        }
        if approvers?.elements.isEmpty == true {
            note("/approvers", "required", "Name who approves, or leave it out")
        }
        for (place, role) in (approvers?.elements ?? []).enumerated()
        where !AccessRegister.approvers.contains(role) {
            note("/approvers/\(place)", "may_not_approve", "No such post approves access")
        }
        for (place, kind) in (rosterKinds?.elements ?? []).enumerated()
        where !kinds.elements.contains(kind) {
            note("/roster_kinds/\(place)", "not_of_kinds", "Only who may have it is given it")
        }
        for (place, kind) in (rosterKinds?.elements ?? []).enumerated() where kind.isTemporary {
            note(
                "/roster_kinds/\(place)", "needs_a_last_day",
                "A temporary log-in has a last day: it is asked for by itself")
        }
        let phases = (levels?.elements ?? []).map(\.phase)
        for place in phases.indices where phases[..<place].contains(phases[place]) {
            note("/levels/\(place)/phase", "repeated", "Say one thing of each phase")
        }
        return faults
    }

    /// With all that goes without saying.
    var completed: AccessRules {
        AccessRules(
            opens: opens, kinds: kinds, posts: posts,
            approvers: approvers ?? [.headteacher, .seniorLeader], pupilAccounts: pupilAccounts,
            levels: levels ?? [], schoolDevicesOnly: schoolDevicesOnly ?? false,
            rosterKinds: rosterKinds ?? [], followsClasses: followsClasses ?? false,
            onLeaving: onLeaving ?? .freeze, isInUse: isInUse ?? true)
    }
}

/// What pupils of a phase may do in a system (ACC-05).
struct PhaseLevel: Codable, Exemplary {
    let phase: Phase
    let level: PupilLevel
    let material: Text<500>?

    static var example: PhaseLevel {
        PhaseLevel(phase: .keyStage1, level: .demonstrated, material: "Mashcams and 2Paint")
    }

    enum CodingKeys: String, FieldWords {
        case phase, level, material

        var words: String {
            switch self {
            case .phase: "The phase."
            case .level: "How far they go there."
            case .material: "The approved material which they use themselves, by name."
            }
        }
    }
}

/// How far pupils go in a system.
enum PupilLevel: String, Words {
    case demonstrated
    case directlySupervised = "directly_supervised"
    case supervised
    case none

    var label: String {
        switch self {
        case .demonstrated:
            "An adult demonstrates; now and then directly supervised use of approved material"
        case .directlySupervised: "With an adult beside them"
        case .supervised: "Supervised at all times"
        case .none: "Not at all"
        }
    }
}

/// Whether pupils have accounts of their own, from the weakest to the strongest (ACC-07, S-25).
enum PupilAccounts: String, Words {
    case each
    case some
    case schoolApproved = "school_approved"
    case none

    var label: String {
        switch self {
        case .each: "One account for each child on each platform"
        case .some: "Some children, where that is appropriate, and it is said why"
        case .schoolApproved: "Only accounts that the school approves, each by itself"
        case .none: "None: pupils use the class's or a group's"
        }
    }
}

/// What becomes of a leaver's account (ACC-08).
enum AccountOfALeaver: String, Words {
    case delete
    case freeze

    var label: String {
        switch self {
        case .delete: "It is deleted"
        case .freeze: "It is frozen"
        }
    }
}
