import JSON
import OpenAPI

/// What a training was (TRN-02).
enum TrainingKind: String, Words {
    case induction
    case annualUpdate = "annual_update"
    case refresher
    case briefing
    case dsl
    case dslRisks = "dsl_send_risks"
    case coordinator
    case technical
    case governor
    case volunteer
    case parentAwareness = "parent_awareness"
    case pupil
    case other

    var label: String {
        switch self {
        case .induction: "Induction"
        case .annualUpdate: "Annual update"
        case .refresher: "Periodic refresher"
        case .briefing: "Briefing"
        case .dsl: "Training of a DSL or deputy"
        case .dslRisks: "Of a DSL, on what those with SEND risk online"
        case .coordinator: "Training of an online safety coordinator"
        case .technical: "Technical training"
        case .governor: "Training of governors"
        case .volunteer: "Training of volunteers"
        case .parentAwareness: "Awareness of parents"
        case .pupil: "Training of pupils"
        case .other: "Another kind"
        }
    }
}

/// What a training covered (TRN-06).
enum TrainingTopic: String, Words {
    case content
    case contact
    case conduct
    case commerce
    case professionalPractice = "professional_practice"
    case reporting
    case monitoringNotice = "monitoring_notice"
    case privateConduct = "private_conduct"
    case usefulResources = "useful_resources"
    case filteringAndMonitoring = "filtering_and_monitoring"
    case sendRisks = "send_risks"

    var label: String {
        switch self {
        case .content: "What is met online"
        case .contact: "Who is met online"
        case .conduct: "What people do online"
        case .commerce: "What is sold online"
        case .professionalPractice: "What professional practice expects"
        case .reporting: "How to report"
        case .monitoringNotice: "That use is monitored"
        case .privateConduct: "What private conduct online can do to one's post"
        case .usefulResources: "Useful resources"
        case .filteringAndMonitoring: "Filtering and monitoring, and everybody's part in them"
        case .sendRisks: "What those with SEND risk online"
        }
    }
}

/// How somebody stands to what is asked of them (TRN-08).
enum TrainingState: String, Words {
    case current
    case awaited
    case due
    case overdue

    var label: String {
        switch self {
        case .current: "It is in order"
        case .awaited: "They were never so trained, and have time yet"
        case .due: "It is due within the days of which the school warns"
        case .overdue: "The day on which it was due has passed"
        }
    }
}
