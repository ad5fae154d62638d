/// How pupils may be known in images, as a school has set it (CON-12).
enum IdentificationRule: String, Words {
    case staffJudge = "staff_judge"
    case noNames = "no_names"
    case noNamesInGroups = "no_names_in_groups"
    case notIdentifiable = "not_identifiable"

    var label: String {
        switch self {
        case .staffJudge: "As staff judge"
        case .noNames: "Never by name"
        case .noNamesInGroups: "Never by name, and in groups rather than full face"
        case .notIdentifiable: "So that nobody is easily known"
        }
    }
}
