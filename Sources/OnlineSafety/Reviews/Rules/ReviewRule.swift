import JSON
import OpenAPI

/// What a school says of a kind of review: whether it is held, how often, by whom, and what it must
/// record; with what is next (REV-18).
struct ReviewRule: Resource {
    let schoolID: ID<School>
    let kind: ReviewKind
    let isHeld: Bool
    let period: ReviewPeriod?
    let months: Int?
    let lacksPeriod: Bool
    let responsible: [Role]
    let signOff: [Role]
    let together: [ReviewParty]
    let required: [ReviewPart]
    let noticeDays: Int
    let signDays: Int
    let source: String
    let nextReviewID: ID<Review>?
    let nextDueOn: Day?
    let terms: [ReviewedTerm]?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "What a school says of a kind of review, and what of it is next."
    static var example: ReviewRule {
        ReviewRule(
            schoolID: .example, kind: .dslGovernorMeeting, isHeld: true, period: .termly,
            months: nil, lacksPeriod: false, responsible: [.dsl, .linkGovernor],
            signOff: [.dsl, .linkGovernor], together: [], required: [.attendees, .matters],
            noticeDays: 28, signDays: 14, source: "T-06", nextReviewID: .example,
            nextDueOn: .example,
            terms: [.example], setBy: "Maya Lewis", setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case kind, period, months, responsible, together, required, source, terms, etag
        case schoolID = "school_id"
        case isHeld = "is_held"
        case lacksPeriod = "lacks_period"
        case signOff = "sign_off"
        case noticeDays = "notice_days"
        case signDays = "sign_days"
        case nextReviewID = "next_review_id"
        case nextDueOn = "next_due_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .kind: "Of which kind."
            case .isHeld: "Whether the school holds these at all."
            case .period: "How often; absent while the school has not said it."
            case .months: "Every so many months, at least."
            case .lacksPeriod:
                "Whether it is held and nobody has said how often, so that none is ever due."
            case .responsible: "The posts that hold and complete one."
            case .signOff: "The posts of which one signs it; none where nobody does."
            case .together: "Those who hold one together, and each sign that they did (REV-12)."
            case .required: "What one must record to be completed."
            case .noticeDays: "So many days before its day it is due."
            case .signDays: "Within so many days of being completed it is to be signed."
            case .source: "The line of the duties from which the usual rule comes."
            case .nextReviewID: "The next one of its cycle; absent while none is planned."
            case .nextDueOn: "When that is due, or the first ought to be planned for."
            case .terms: "Of one that is held each term: the terms of a year back (REV-14)."
            case .setBy: "Who set it; absent where the usual rule holds."
            case .setAt: "When."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// All of it, as somebody sets it.
    struct Said: JudgedBody {
        let isHeld: Bool
        let period: ReviewPeriod?
        let months: WholeNumber<1, 60>?
        let responsible: Few<Role, 16>
        let signOff: Few<Role, 16>?
        let together: Few<ReviewParty, 2>?
        let required: Few<ReviewPart, 10>?
        let noticeDays: WholeNumber<0, 180>?
        let signDays: WholeNumber<0, 180>?
        let nextDueOn: Day?

        static let schemaName = "ReviewRuleSaid"
        static let words = "What a school says of a kind of review, all of it at once."
        static var example: Said {
            Said(
                isHeld: true, period: .termly, months: nil,
                responsible: [.dsl, .deputyDSL, .linkGovernor], signOff: [.dsl, .linkGovernor],
                together: nil, required: [.attendees, .matters], noticeDays: nil, signDays: nil,
                nextDueOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case period, months, responsible, together, required
            case isHeld = "is_held"
            case signOff = "sign_off"
            case noticeDays = "notice_days"
            case signDays = "sign_days"
            case nextDueOn = "next_due_on"

            var words: String {
                switch self {
                case .isHeld:
                    "Whether the school holds these at all; what was planned of one that it does "
                        + "not is set aside."
                case .period: "How often; needed where it is held."
                case .months: "Every so many months; needed with `months`."
                case .responsible: "The posts that hold and complete one; needed where it is held."
                case .signOff: "The posts of which one signs it; nobody, when not given."
                case .together:
                    "Those who hold one together, and each sign it; nobody, when not given."
                case .required: "What one must record; nothing, when not given."
                case .noticeDays: "So many days before its day it is due; 28 when not given."
                case .signDays: "Within so many days it is to be signed; 14 when not given."
                case .nextDueOn:
                    "When the next is due; when not given, a period from today or from the last."
                }
            }
        }

        var ownFaults: [JSONFault] {
            var faults: [JSONFault] = []
            func note(_ pointer: String, _ code: String, _ detail: String) {
                faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
            }
            if isHeld, period == nil {
                note("/period", "required", "Say how often: what has no period is never due")
            }
            if period == .months, months == nil {
                note("/months", "required", "Say every how many months")
            }
            if period != .months, months != nil {
                note("/months", "not_wanted", "Months go with the period `months`")
            }
            if nextDueOn != nil, !isHeld || period == .asNeeded {
                note("/next_due_on", "not_wanted", "What has no period is next due on no day")
            }
            if isHeld, responsible.elements.isEmpty {
                note("/responsible", "required", "Name at least one post")
            }
            for (name, roles) in [("responsible", responsible), ("sign_off", signOff ?? [])] {
                for (place, role) in roles.elements.enumerated()
                where !Reviews.holders.contains(role) {
                    note("/\(name)/\(place)", "may_not_review", "No such post holds reviews")
                }
            }
            return faults
        }

        /// As it is kept.
        var kept: Kept {
            Kept(
                isHeld: isHeld, period: period, months: months,
                responsible: responsible.elements, signOff: signOff?.elements ?? [],
                together: together?.elements ?? [], required: required?.elements ?? [],
                noticeDays: noticeDays?.number ?? 28,
                signDays: signDays?.number ?? 14)
        }
    }

    /// As it is kept: with all that goes without saying.
    struct Kept: Encodable {
        let isHeld: Bool
        let period: ReviewPeriod?
        let months: WholeNumber<1, 60>?
        let responsible: [Role]
        let signOff: [Role]
        let together: [ReviewParty]
        let required: [ReviewPart]
        let noticeDays: Int
        let signDays: Int

        enum CodingKeys: String, CodingKey {
            case period, months, responsible, together, required
            case isHeld = "is_held"
            case signOff = "sign_off"
            case noticeDays = "notice_days"
            case signDays = "sign_days"
        }
    }
}

/// A term, and whether a review was held in it.
struct ReviewedTerm: Codable, Exemplary {
    let name: String
    let startsOn: Day
    let endsOn: Day
    let reviewID: ID<Review>?
    let isMissed: Bool

    static var example: ReviewedTerm {
        ReviewedTerm(
            name: "Autumn", startsOn: .example, endsOn: .example, reviewID: .example,
            isMissed: false)
    }

    enum CodingKeys: String, FieldWords {
        case name
        case startsOn = "starts_on"
        case endsOn = "ends_on"
        case reviewID = "review_id"
        case isMissed = "is_missed"

        var words: String {
            switch self {
            case .name: "What the school calls it."
            case .startsOn: "Its first day."
            case .endsOn: "Its last."
            case .reviewID: "The review that was held in it, or in the holidays after it."
            case .isMissed: "Whether it is over and there was none."
            }
        }
    }
}
