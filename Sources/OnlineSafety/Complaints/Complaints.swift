import JSON
import Postgres

/// Complaints, apart from incidents: whom each goes to, what was done about it and what came of it
/// (CMP-01 to CMP-04, CMP-06 to CMP-08). The procedure by which one complains is a policy that is
/// published, and that each group was told of it an entry of `/v1/reporting-briefings` (CMP-05).
enum Complaints {
    static let area = Area(
        name: "Complaints",
        words: "Who complains of whom or what, who has it, what was done and what came of it.",
        routes: ListingComplaints.routes + [ActingOnComplaints.route, ComplaintReporters.route],
        conflicts: [
            "complaint_is_acted_on_once_at_a_time": "Somebody else did something with it just now.",
            "complaint_is_acknowledged_once": "That it was received was said already.",
            "complaint_ends_once": "It is closed already.",
        ],
        faults: ComplaintFault.words,
        vocabularies: [
            Vocabulary("complaint_matters", ComplaintMatter.self),
            Vocabulary("complainant_kinds", ComplainantKind.self),
            Vocabulary("complaint_channels", ComplaintChannel.self),
            Vocabulary("complaint_states", ComplaintState.self),
            Vocabulary("complaint_outcomes", ComplaintOutcome.self),
            Vocabulary("complaint_acts", acts: ComplaintAct.self),
        ],
        deeds: ["complaint_put_down"] + ComplaintAct.allCases.map(\.deed.description),
        unlikeTheirEntries: ["select school_id, id from complaint_unlike_its_entry"],
        settings: [acknowledgementDays, answerDays],
        toDo: [toHandle],
        duties: [
            DutyKind(
                kind: "complaint_to_acknowledge", words: "A complaint is to be acknowledged",
                link: "/v1/complaints/{record}"),
            DutyKind(
                kind: "complaint_to_answer", words: "A complaint is to be answered",
                link: "/v1/complaints/{record}"),
        ],
        holds: [.complaints])

    /// Those who take a complaint, and see of what they took whether it is closed (section 25).
    static let takers: [Role] = [.staff, .office] + handlers

    /// The posts to which one can go.
    static let handlers: [Role] = [
        .dsl, .deputyDSL, .headteacher, .seniorLeader, .chairOfGovernors,
    ]

    private static let toHandle = ToDo.duties(
        "complaint_to_handle", "A complaint that is to be acknowledged or answered",
        of: ["complaint_to_acknowledge", "complaint_to_answer"], for: handlers, onceAsked: true
    ) { _ in "select * from complaint_duty" }

    private static let acknowledgementDays = Setting(
        "complaint_acknowledgement_days", "Acknowledging complaints",
        """
        Within so many school days whoever complained is told that it was received (CMP-02); 0 \
        where the school sets none.
        """, .number(0...60, of: "school days"), usual: 5, stronger: .lessButNotNone)

    private static let answerDays = Setting(
        "complaint_answer_days", "Answering complaints",
        """
        Within so many school days whoever complained is told what came of it (CMP-02); 0 where \
        the school sets none.
        """, .number(0...200, of: "school days"), usual: 20, stronger: .lessButNotNone)
}

extension Relation {
    static let complaints = Relation(
        "complaints of theirs",
        """
        Those that are routed to the post, of which the headteacher reads all but those about \
        themself, and the DSLs those of child protection; and that there is one which the caller \
        put down. Never one about the caller (section 25, CMP-03).
        """
    ) { _, schools in
        "(complaint.school_id = any(\(schools)) and complaint._standing is not null)"
    }

    static let disclosuresReceived = Relation(
        "disclosures received",
        "Whistleblowing that the caller received and put down (CMP-07)."
    ) { caller, schools in
        """
        (
            complaint.school_id = any(\(schools)) and complaint._standing is not null
            and complaint._put_down_by = \(caller.account))
        """
    }
}

/// What stands against something with a complaint, for people.
enum ComplaintFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static func stands(_ code: String, at pointer: String) -> Fault {
        Fault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static let words = [
        "before_it_was_received": "It was received on a later day",
        "direct_route_missing":
            "A parent complained online: put down that they were offered to come directly",
        "nobody_there": "Nobody holds that post whom it is not about, and who does not complain",
        "not_acknowledged": "Put down that whoever complained was told that it was received",
        "no_handler": "No complaint goes to such a post",
        "names_the_reporter":
            "These words are read by others than the receiver: leave out who disclosed it",
        "outcome_missing": "Put down what came of it",
        "outcome_not_told": "Put down to whom it was told what came of it",
        "own_complaint":
            "Nobody takes a complaint about themselves, or handles one: hand it to the post that "
            + "the complaints procedure names",
        "own_disclosure":
            "Whoever puts it down is named with it: tell somebody else, or report it as an "
            + "incident of whistleblowing",
        "points_missing": "No meeting about the comments covered this point",
        "second_meeting_missing": "The comments went on after the one meeting: meet again",
        "withheld": "The service says this by itself",
    ]
}
