import JSON

/// A trend that was seen, and what it changed (INC-46).
enum Trend: RegisterKind {
    static let register = SmallRegister(
        kind: "trend", address: "/v1/trends/",
        words: """
            A trend or a gap in what is reported, over which time it was seen, and what was \
            changed because of it: in what pupils are taught, in a policy, in filtering (INC-46). \
            Without names. See `/v1/schools/{school}/incident-trends`.
            """,
        time: .happened, readers: RegisterGap.readers,
        writers: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher],
        fields: [
            .line(
                "name", "What was seen.", needed: true,
                as: "Twice as many reports of group chats in Year 6 as a year ago"),
            .word("what", TrendKind.self, "What it is.", needed: true),
            .words("types", IncidentType.self, "Of which types of incident; of all, if of none."),
            .day("seen_from", "From which day it was seen.", needed: true),
            .day("seen_until", "To which day.", needed: true),
            .words("changed", TrendChange.self, "What was changed because of it.", needed: true),
            .prose(
                "change", "How; or why nothing was.", needed: true,
                as: "A lesson on group chats for Year 6 before the half-term holiday"),
            .entry(
                "filtering", of: "filtering_arrangement",
                "The arrangement of filtering that was changed."),
            .day("look_again_on", "When it is looked at again."),
        ],
        namesNobody: true,
        faults: { said in
            let isNothing = said.texts("changed") == [TrendChange.nothing.rawValue]
            let isBoth = said.texts("changed").contains(TrendChange.nothing.rawValue) && !isNothing
            let days = EntryDays(said.text("seen_from"), said.text("seen_until")).faults
            return days.map {
                JSONFault(pointer: "/seen_until", code: $0.code, detail: $0.detail)
            } + (isBoth ? [.wanted("changed", "Say what was changed, or that nothing was")] : [])
        })
}

/// What a trend is.
enum TrendKind: String, Words {
    case more
    case fewer
    case new
    case unchanged
    case gap

    var label: String {
        switch self {
        case .more: "More than before"
        case .fewer: "Fewer than before"
        case .new: "Something that was not seen before"
        case .unchanged: "As before, though something was changed"
        case .gap: "Nothing is told of where something would be expected"
        }
    }
}

/// What was changed because of a trend.
enum TrendChange: String, Words {
    case education
    case policy
    case filtering
    case training
    case nothing

    var label: String {
        switch self {
        case .education: "What pupils are taught"
        case .policy: "A policy or a procedure"
        case .filtering: "Filtering or monitoring"
        case .training: "What staff are trained in"
        case .nothing: "Nothing"
        }
    }
}
