import JSON
import OpenAPI
import Postgres

/// Whose own devices may be used where and when, and what their owners are told (DEV-18, DEV-34).
struct UseRules: RuleContent {
    let statement: String
    let rules: Few<UseRule, 100>

    static let kind = RuleKind(name: "device_use", deed: "device_rules_set")
    static let schemaName = "DeviceUseRules"
    static let words = """
        Whose own devices may be used where and when, and what their owners are told.
        """
    static let columns: SQL = """
        coalesce(rule.content ->> 'statement', \(usualStatement)) as statement,
        coalesce(rule.content -> 'rules', '[]') as rules
        """
    static let relation = Relation.ownDeviceRules
    static let hasUsual = false
    static var example: UseRules { UseRules(statement: usualStatement, rules: [.example]) }

    /// What 001 has everybody told who brings a device of their own.
    static let usualStatement =
        "The school is not responsible for the loss, damage or theft of any personal device."

    enum CodingKeys: String, FieldWords {
        case statement, rules

        var words: String {
            switch self {
            case .statement: "What is kept with each personal device that is declared."
            case .rules: "The first that fits holds; where none does, nobody has decided."
            }
        }
    }

    /// As somebody sets them.
    struct Said: RuleSaid {
        let statement: Text<1000>?
        let rules: Few<UseRule, 100>

        static var example: Said { Said(statement: nil, rules: [.example]) }

        enum CodingKeys: String, FieldWords {
            case statement, rules

            var words: String {
                switch self {
                case .statement:
                    "What the owners of personal devices are told; when not given, that the "
                        + "school is not responsible for their loss, damage or theft."
                case .rules: "In their order: the first that fits holds."
                }
            }
        }

        var faults: [JSONFault] {
            rules.elements.enumerated().flatMap { place, rule in
                [
                    ("audiences", rule.audiences.elements.isEmpty),
                    ("places", rule.places?.elements.isEmpty == true),
                    ("times", rule.times?.elements.isEmpty == true),
                ].filter(\.1).map { name, _ in
                    JSONFault(
                        pointer: "/rules/\(place)/\(name)", code: "empty",
                        detail: "Name at least one, or leave it out for all")
                }
            }
        }
    }
}

extension UseRules {
    init(_ said: Said) {
        self.init(
            statement: said.statement?.string ?? Self.usualStatement, rules: said.rules)
    }
}

/// Whether those may use devices of their own there and then.
struct UseRule: Codable, Exemplary {
    let audiences: Few<DeviceAudience, 4>
    let places: Few<DevicePlace, 13>?
    let times: Few<DeviceTime, 6>?
    let answer: UseAnswer
    let words: Text<500>?

    static var example: UseRule {
        UseRule(
            audiences: [.staff], places: [.staffRoom, .planningArea], times: [.breakTime, .lunch],
            answer: .allowed, words: "Off or silent at all other times")
    }

    enum CodingKeys: String, FieldWords {
        case audiences, places, times, answer, words

        var words: String {
            switch self {
            case .audiences: "Whose."
            case .places: "Where; everywhere when not given."
            case .times: "When; always when not given."
            case .answer: "Whether they may."
            case .words: "In the school's own words; whom to ask beforehand."
            }
        }
    }
}
