import JSON
import OpenAPI

/// A step of a procedure: who does what, whether it must be, until when, and what the record must
/// hold before it is ticked off (PRC-01).
struct ProcedureStep: Codable, Exemplary {
    let code: ProcedureCode
    let actor: StepActor
    let need: StepNeed
    let words: Text<1000>
    let question: Text<500>?
    let within: StepTime?
    let after: ProcedureCode?
    let record: Text<500>?
    let asksFor: Few<AskedPart, 5>?
    let tells: StepTelling?
    let requiredBy: Few<ProcedureCode, 10>?
    let isKept: Bool?
    let isByPost: Bool?

    static var example: ProcedureStep {
        ProcedureStep(
            code: "police", actor: .dsl, need: .conditional, words: "The police are told.",
            question: "Is an offence suspected?", within: .example, after: nil, record: nil,
            asksFor: [.example], tells: nil, requiredBy: nil, isKept: true, isByPost: nil)
    }

    enum CodingKeys: String, FieldWords {
        case code, actor, need, words, question, within, after, record, tells
        case asksFor = "asks_for"
        case requiredBy = "required_by"
        case isKept = "is_kept"
        case isByPost = "is_by_post"

        var words: String {
            switch self {
            case .code: "Its own code in the procedure."
            case .actor: "Who is to take it."
            case .need: "Whether it has to be taken."
            case .words: "What is done."
            case .question: "What decides whether it has to be; needed where something does."
            case .within: "Within what time, counted from the procedure's being attached."
            case .after:
                "An earlier step, before which it cannot be taken: the time counts from when that "
                    + "one is settled."
            case .record: "What has to be put down in words when it is ticked off."
            case .asksFor: "What the record must hold before it is ticked off."
            case .tells: "Whom it tells, where that must wait while an agency advises first."
            case .requiredBy:
                "Questions of the procedure of which any yes makes it a step that has to be taken."
            case .isKept:
                "Whether a school keeps it however it sets its own steps: somebody outside the "
                    + "school learns by it."
            case .isByPost: "Whether only somebody in that post ticks it off."
            }
        }
    }

    /// What is wrong with its fields together.
    func faults(at pointer: String) -> [JSONFault] {
        var faults: [JSONFault] = []
        func note(_ key: CodingKeys, _ code: String, _ detail: String) {
            faults.append(
                JSONFault(pointer: "\(pointer)/\(key.rawValue)", code: code, detail: detail))
        }
        if need != .mandatory, question == nil {
            note(.question, "required", "Say what decides whether it has to be taken")
        }
        if need == .mandatory, question != nil {
            note(.question, "not_wanted", "What has to be taken waits for no question")
        }
        if requiredBy?.elements.isEmpty == false, need != .conditional {
            note(.requiredBy, "not_wanted", "An answer requires what else need not be taken")
        }
        for (place, asked) in (asksFor?.elements ?? []).enumerated() {
            faults += asked.faults(at: "\(pointer)/asks_for/\(place)")
        }
        return faults
    }
}

/// So many minutes, hours or school days.
struct StepTime: Codable, Exemplary {
    let amount: WholeNumber<0, 400>
    let unit: StepTimeUnit

    static var example: StepTime { StepTime(amount: .example, unit: .schoolDays) }

    /// As many at least as pass meanwhile, to compare one with another: of a school day those of a
    /// day.
    var minutes: Int {
        switch unit {
        case .minutes: amount.number
        case .hours: amount.number * 60
        case .schoolDays: (amount.number + 1) * 24 * 60
        }
    }

    enum CodingKeys: String, FieldWords {
        case amount, unit

        var words: String {
            switch self {
            case .amount: "How many; of school days 0 is the day itself."
            case .unit: "Of what."
            }
        }
    }
}

/// What a record must hold: evidence, a decision about the parents of every child, or a part of the
/// work on the incident in which some fields say what they have to.
struct AskedPart: Codable, Exemplary {
    let part: ProcedureCode
    let times: WholeNumber<1, 10>?
    let fields: Few<AskedField, 5>?

    static var example: AskedPart {
        AskedPart(part: "referral", times: nil, fields: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case part, times, fields

        var words: String {
            switch self {
            case .part:
                "Which: `evidence`, `parents_decision`, or a kind of the work on an incident."
            case .times: "How many of them; one when not given."
            case .fields: "What its fields must say."
            }
        }
    }

    fileprivate func faults(at pointer: String) -> [JSONFault] {
        var faults: [JSONFault] = []
        if !Procedures.parts.contains(part.string) {
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/part", code: "unknown_part",
                    detail: "A record has no such part"))
        }
        for (place, field) in (fields?.elements ?? []).enumerated()
        where (field.oneOf == nil) == (field.allOf == nil) {
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/fields/\(place)", code: "required",
                    detail: "Say which words: one of some, or all of some"))
        }
        return faults
    }
}

/// What a field of a part must say.
struct AskedField: Codable, Exemplary {
    let field: ProcedureCode
    let oneOf: Few<ClauseCode, 20>?
    let allOf: Few<ClauseCode, 20>?

    static var example: AskedField {
        AskedField(field: "agency", oneOf: ["police", "social_care"], allOf: nil)
    }

    enum CodingKeys: String, FieldWords {
        case field
        case oneOf = "one_of"
        case allOf = "all_of"

        var words: String {
            switch self {
            case .field: "Which field."
            case .oneOf: "One of these words."
            case .allOf: "All of these words."
            }
        }
    }
}

/// On what a procedure relies (PRC-28).
struct ProcedureReference: Codable, Exemplary {
    let title: Text<300>
    let year: WholeNumber<1980, 2200>?
    let link: HTTPSLink?

    static var example: ProcedureReference {
        ProcedureReference(
            title: "Procedures of the local safeguarding partnership", year: .example,
            link: .example)
    }

    enum CodingKeys: String, FieldWords {
        case title, year, link

        var words: String {
            switch self {
            case .title: "A policy, a procedure, guidance."
            case .year: "Of which year."
            case .link: "Where it is read."
            }
        }
    }
}
