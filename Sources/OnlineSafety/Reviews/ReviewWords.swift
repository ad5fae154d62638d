import JSON
import OpenAPI

/// Which reviews, audits, checks and meetings there are (REV-18).
enum ReviewKind: String, Words, Argument {
    case policy
    case fitnessJudgement = "fitness_judgement"
    case incidentLog = "incident_log"
    case dslGovernorMeeting = "dsl_governor_meeting"
    case governingBodyReport = "governing_body_report"
    case sltReport = "slt_report"
    case trainingNeedsAudit = "training_needs_audit"
    case monitoringCheck = "monitoring_check"
    case filteringEffectiveness = "filtering_effectiveness"
    case systemSecurity = "system_security"
    case securityStrategy = "security_strategy"
    case ictUseAudit = "ict_use_audit"
    case practiceAudit = "practice_audit"
    case accessList = "access_list"
    case riskMethods = "risk_methods"
    case permissionList = "permission_list"
    case monitoringSupervision = "monitoring_supervision"
    case filteringProvision = "filtering_provision"
    case postIncident = "post_incident"
    case wider

    var label: String {
        switch self {
        case .policy: "Review of a policy document"
        case .fitnessJudgement: "The governors judge whether the policy is fit for purpose"
        case .incidentLog: "The incident log is looked through, and reported on"
        case .dslGovernorMeeting: "The DSL and the link governor meet"
        case .governingBodyReport: "The link governor reports to the governing body"
        case .sltReport: "The online safety lead reports to the leadership team"
        case .trainingNeedsAudit: "Audit of what training is needed"
        case .monitoringCheck: "Check of what staff and pupils search for"
        case .filteringEffectiveness: "Whether filtering and monitoring work, and are reasonable"
        case .systemSecurity: "Review of the security of the school's systems"
        case .securityStrategy: "The security strategies, against the guidelines of the trust"
        case .ictUseAudit: "Audit of how ICT is used, against the policy"
        case .practiceAudit: "Audit of online safety practice"
        case .accessList: "Who has access to the safeguarding records"
        case .riskMethods: "How the school finds, weighs and reduces online risks"
        case .permissionList: "The list of who may be shown is circulated"
        case .monitoringSupervision: "Those who monitor are supervised and supported"
        case .filteringProvision: "Filtering is gone through with its provider, or the trust"
        case .postIncident: "What is learnt of an incident"
        case .wider: "Another review, of the school's own"
        }
    }
}

/// One of two who hold a review together (REV-12).
enum ReviewParty: String, Words {
    case safeguardingLead = "safeguarding_lead"
    case computingLead = "computing_lead"

    var label: String {
        switch self {
        case .safeguardingLead: "The safeguarding lead: the DSL or a deputy"
        case .computingLead: "Whoever is named as the computing lead (`/v1/named-posts`)"
        }
    }
}

/// How often a kind is held.
enum ReviewPeriod: String, Words {
    case months
    case termly
    case asNeeded = "as_needed"

    var label: String {
        switch self {
        case .months: "Every so many months, at least"
        case .termly: "Once in each of the school's terms"
        case .asNeeded: "When there is cause for it"
        }
    }
}

/// Why a review was opened (REV-05).
enum ReviewTrigger: String, Words {
    case cycle
    case byHand = "by_hand"
    case debrief
    case incident
    case childProtectionConcern = "child_protection_concern"
    case guidance
    case infrastructureChange = "infrastructure_change"
    case monitoringFinding = "monitoring_finding"

    var label: String {
        switch self {
        case .cycle: "Its period has come round"
        case .byHand: "Somebody thought it right"
        case .debrief: "A debrief after an incident"
        case .incident: "An incident's line: the policy is to be reviewed"
        case .childProtectionConcern: "A child protection concern"
        case .guidance: "New national or local guidance"
        case .infrastructureChange: "A change of the technical infrastructure"
        case .monitoringFinding: "A finding of monitoring"
        }
    }

    /// Whether it must be told what happened.
    var needsWords: Bool { self != .cycle && self != .byHand }
}

/// Where a review stands, by what was done with it and by the day (24.5).
enum ReviewState: String, Words {
    case scheduled
    case due
    case overdue
    case inProgress = "in_progress"
    case toJoin = "to_join"
    case completed
    case signedOff = "signed_off"
    case cancelled
    case setAside = "set_aside"

    var label: String {
        switch self {
        case .scheduled: "To come"
        case .due: "Due soon, or today"
        case .overdue: "Its day has passed"
        case .inProgress: "Begun"
        case .toJoin: "Completed, and to be signed by those who hold it together"
        case .completed: "Completed, and no more altered"
        case .signedOff: "Completed, and signed by somebody else"
        case .cancelled: "Cancelled by the headteacher"
        case .setAside: "The school does not hold these any more"
        }
    }
}

/// What is done with a review.
enum ReviewAct: String, ActWords {
    case started
    case completed
    case joined
    case signedOff = "signed_off"
    case moved
    case cancelled

    var label: String {
        switch self {
        case .started: "Begun"
        case .completed: "Completed"
        case .joined: "Signed by one of those who hold it together"
        case .signedOff: "Signed off"
        case .moved: "Moved to another day"
        case .cancelled: "Cancelled"
        }
    }

    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .started: "review_started"
        case .completed: "review_completed"
        case .joined: "review_joined"
        case .signedOff: "review_signed_off"
        case .moved: "review_moved"
        case .cancelled: "review_cancelled"
        }
    }

    var fields: ActFields<ReviewActSaid.CodingKeys> {
        switch self {
        case .started, .joined, .signedOff: ActFields()
        case .completed: ActFields(needed: [.record], taken: [.heldOn, .actions])
        case .moved: ActFields(needed: [.dueOn, .reason])
        case .cancelled: ActFields(needed: [.reason])
        }
    }

    /// Where it must stand for this to be done; `acts_open_on_a_review` says the same.
    var states: [ReviewState] {
        switch self {
        case .started: [.scheduled, .due, .overdue]
        case .completed, .moved, .cancelled: [.scheduled, .due, .overdue, .inProgress]
        case .joined: [.toJoin]
        case .signedOff: [.completed]
        }
    }
}

/// What a review can record, and a school ask that it does.
enum ReviewPart: String, Words {
    case attendees
    case summary
    case matters
    case strengths
    case improvements
    case evidence
    case guidelines
    case isFitForPurpose = "is_fit_for_purpose"
    case reportedTo = "reported_to"
    case selfReview = "self_review"

    var label: String {
        switch self {
        case .attendees: "Who was there"
        case .summary: "What was looked at and found"
        case .matters: "The matters that were spoken of"
        case .strengths: "Strengths"
        case .improvements: "Areas for improvement"
        case .evidence: "The information that was put before them"
        case .guidelines: "Against which guidelines, as of the trust"
        case .isFitForPurpose: "The judgement whether it is fit for purpose"
        case .reportedTo: "To whom it was reported"
        case .selfReview: "The levels of a self-review, as of 360 Safe"
        }
    }
}
