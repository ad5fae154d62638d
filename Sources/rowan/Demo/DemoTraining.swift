import FoundationEssentials
import Postgres

/// A training, a year ago or less, and which posts were there.
struct DemoTraining {
    let daysAgo: Int
    let words: String
    let posts: [String]

    /// The member of staff came last year, and not again: that is overdue. The DSL's runs out soon.
    static let all = [
        DemoTraining(
            daysAgo: 410,
            words: #"""
                {"kind": "annual_update", "name": "What is new this year", "provider": "The DSL",
                    "topics": ["content", "contact", "conduct", "reporting"],
                    "evidence": "Register of the hall"}
                """#,
            posts: ["staff", "headteacher", "deputy_dsl", "online_safety_coordinator"]),
        DemoTraining(
            daysAgo: 50,
            words: #"""
                {"kind": "annual_update", "name": "What is new this year", "provider": "The DSL",
                    "topics": ["content", "contact", "conduct", "commerce", "reporting"],
                    "evidence": "Register of the hall"}
                """#,
            posts: [
                "headteacher", "dsl", "deputy_dsl", "online_safety_coordinator", "technician",
            ]),
        DemoTraining(
            daysAgo: 700,
            words: #"{"kind": "dsl", "name": "DSL training", "provider": "The county"}"#,
            posts: ["dsl"]),
        DemoTraining(
            daysAgo: 90,
            words: #"{"kind": "governor", "name": "Safeguarding", "provider": "The county"}"#,
            posts: ["governor", "chair_of_governors"]),
        DemoTraining(
            daysAgo: 6,
            words: #"{"kind": "briefing", "name": "A new chat in a game", "topics": ["contact"]}"#,
            posts: ["staff", "technician"]),
        DemoTraining(
            daysAgo: 35,
            words: #"""
                {"kind": "parent_awareness", "name": "Evening for parents", "others": 41}
                """#, posts: []),
    ]
}

extension Demo {
    /// Who was trained in what.
    func loadTraining(in school: DemoSchool) throws {
        for training in DemoTraining.all {
            let people = Set(try training.posts.map { try person($0, of: school) })
                .sorted { $0.uuidString < $1.uuidString }
            try write(
                "training_record", training.words, daysAgo: training.daysAgo,
                fields: people.map { _ in "attended_ids" }, people: people, in: school,
                as: "deputy_dsl")
        }
    }
}
