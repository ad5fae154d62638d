import JSON
import OpenAPI

/// What a review records: what was looked at, by whom, and what was found. It names posts and never
/// a person of the school, but for who was there.
struct ReviewRecord: Codable, Exemplary {
    let attendees: Few<ReviewAttendee, 30>?
    let summary: Text<4000>?
    let matters: Few<Text<500>, 20>?
    let strengths: Few<Text<500>, 20>?
    let improvements: Few<Text<500>, 20>?
    let evidence: Few<Text<500>, 20>?
    let guidelines: Few<Text<500>, 20>?
    let isFitForPurpose: Bool?
    let reportedTo: Few<ReviewReport, 10>?
    let selfReview: Few<SelfReviewLevel, 30>?

    static var example: ReviewRecord {
        ReviewRecord(
            attendees: [.example], summary: "The log of the term was looked through",
            matters: ["Phones on the way to school"], strengths: ["Reports come at once"],
            improvements: ["Parents know too little of group chats"],
            evidence: ["The summary of the term"],
            guidelines: ["The trust's security standard of 2026"], isFitForPurpose: true,
            reportedTo: [.example], selfReview: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case attendees, summary, matters, strengths, improvements, evidence, guidelines
        case isFitForPurpose = "is_fit_for_purpose"
        case reportedTo = "reported_to"
        case selfReview = "self_review"

        var words: String {
            switch self {
            case .attendees:
                "Who was there. The DSL and the link governor have met where the DSL or a deputy, "
                    + "and the link governor or the chair of governors, were."
            case .summary: "What was looked at and what was found."
            case .matters: "What was spoken of."
            case .strengths: "What is good."
            case .improvements: "What should be better; what is to be done of it are actions."
            case .evidence: "The information that was put before those who judge (REV-10)."
            case .guidelines: "The guidelines that it was held against, as of the trust (REV-12)."
            case .isFitForPurpose: "Whether the policy was judged fit for purpose."
            case .reportedTo: "To whom it was reported, and when (REV-15)."
            case .selfReview: "The levels of a self-review such as 360 Safe (REV-11)."
            }
        }
    }

    /// Whether it says something of a part.
    func says(_ part: ReviewPart) -> Bool {
        switch part {
        case .attendees: attendees?.elements.isEmpty == false
        case .summary: summary != nil
        case .matters: matters?.elements.isEmpty == false
        case .strengths: strengths?.elements.isEmpty == false
        case .improvements: improvements?.elements.isEmpty == false
        case .evidence: evidence?.elements.isEmpty == false
        case .guidelines: guidelines?.elements.isEmpty == false
        case .isFitForPurpose: isFitForPurpose != nil
        case .reportedTo: reportedTo?.elements.isEmpty == false
        case .selfReview: selfReview?.elements.isEmpty == false
        }
    }

    /// All that is said in words, each with its place.
    var texts: [PlacedText] {
        func listed(_ name: String, _ list: Few<Text<500>, 20>?) -> [PlacedText] {
            (list?.elements ?? []).enumerated().map {
                PlacedText("/record/\(name)/\($0.offset)", $0.element.string)
            }
        }
        let attending = (attendees?.elements ?? []).enumerated().compactMap { place, there in
            there.words.map { PlacedText("/record/attendees/\(place)/words", $0.string) }
        }
        let reported = (reportedTo?.elements ?? []).enumerated().flatMap { place, report in
            [
                PlacedText("/record/reported_to/\(place)/to", report.to.string),
                report.words.map {
                    PlacedText("/record/reported_to/\(place)/words", $0.string)
                },
            ].compactMap(\.self)
        }
        let reviewed = (selfReview?.elements ?? []).enumerated().compactMap { place, level in
            level.words.map { PlacedText("/record/self_review/\(place)/words", $0.string) }
        }
        return attending + (summary.map { [PlacedText("/record/summary", $0.string)] } ?? [])
            + listed("matters", matters) + listed("strengths", strengths)
            + listed("improvements", improvements) + listed("evidence", evidence)
            + listed("guidelines", guidelines) + reported + reviewed
    }

    /// What is wrong with its fields together.
    var faults: [JSONFault] {
        (attendees?.elements ?? []).enumerated().compactMap { place, there in
            (there.personID == nil) == (there.words == nil)
                ? JSONFault(
                    pointer: "/record/attendees/\(place)", code: "exactly_one",
                    detail: "Give person_id or words, and not both") : nil
        }
    }
}

/// Somebody who was at a review.
struct ReviewAttendee: Codable, Exemplary {
    let role: Role?
    let personID: ID<Person>?
    let words: Text<200>?

    static var example: ReviewAttendee {
        ReviewAttendee(role: .dsl, personID: .example, words: nil)
    }

    enum CodingKeys: String, FieldWords {
        case role, words
        case personID = "person_id"

        var words: String {
            switch self {
            case .role: "The post in which they came."
            case .personID: "Who, of the adults of the school's roster."
            case .words: "Of somebody from outside: as what they came."
            }
        }
    }

    /// As it is shown.
    struct Shown: Codable, Exemplary {
        let role: Role?
        let personID: ID<Person>?
        let name: String?
        let words: String?

        static var example: Shown {
            Shown(role: .dsl, personID: .example, name: "Amina Yusuf", words: nil)
        }

        enum CodingKeys: String, FieldWords {
            case role, name, words
            case personID = "person_id"

            var words: String {
                switch self {
                case .role: "The post in which they came."
                case .personID: "Who; for a governor, only where it is themselves."
                case .name: "Their name; likewise."
                case .words: "Of somebody from outside: as what they came."
                }
            }
        }
    }
}

/// That something was reported to somebody.
struct ReviewReport: Codable, Exemplary {
    let to: Text<100>
    let on: Day
    let words: Text<1000>?

    static var example: ReviewReport {
        ReviewReport(to: "The governing body", on: .example, words: "The summary of the term")
    }

    enum CodingKeys: String, FieldWords {
        case to, on, words

        var words: String {
            switch self {
            case .to: "To which body or post."
            case .on: "When."
            case .words: "What."
            }
        }
    }
}

/// A level of a self-review.
struct SelfReviewLevel: Codable, Exemplary {
    let aspect: Text<100>
    let level: WholeNumber<1, 5>
    let words: Text<500>?

    static var example: SelfReviewLevel {
        SelfReviewLevel(aspect: "Online safety education", level: .example, words: nil)
    }

    enum CodingKeys: String, FieldWords {
        case aspect, level, words

        var words: String {
            switch self {
            case .aspect: "Of which aspect."
            case .level: "The level: 1 is the best, 5 the first step (360 Safe)."
            case .words: "Why so."
            }
        }
    }
}
