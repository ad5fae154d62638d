import JSON
import OpenAPI
import Postgres

/// What a school permits to each class of device (DEV-02, appendix 5 of the matrix).
struct DeviceMatrix: RuleContent, RuleSaid {
    let cells: Few<MatrixCell, 24>

    static let kind = RuleKind(name: "device_matrix", deed: "device_rules_set")
    static let schemaName = "DeviceMatrix"
    static let words = "What a school permits to each class of device."
    static let columns: SQL = "coalesce(rule.content -> 'cells', '[]') as cells"
    static let relation = Relation.ownDeviceRules
    static let hasUsual = false
    static var example: DeviceMatrix { DeviceMatrix(cells: [.example]) }

    enum CodingKeys: String, FieldWords {
        case cells

        var words: String {
            "What is decided; of a cell that is left out nobody has decided."
        }
    }

    var faults: [JSONFault] {
        let places = cells.elements.map { [$0.ownership.rawValue, $0.permission.rawValue] }
        return places.indices.filter { places[..<$0].contains(places[$0]) }.map {
            JSONFault(
                pointer: "/cells/\($0)", code: "repeated",
                detail: "Say one thing of each class and permission")
        }
    }
}

/// A cell of the matrix on which a school has decided.
struct MatrixCell: Codable, Exemplary {
    let ownership: DeviceOwnership
    let permission: DevicePermission
    let answer: MatrixAnswer
    let words: Text<200>?

    static var example: MatrixCell {
        MatrixCell(
            ownership: .schoolMultiple, permission: .fullNetwork, answer: .yes,
            words: "Pupils have restricted access")
    }

    enum CodingKeys: String, FieldWords {
        case ownership, permission, answer, words

        var words: String {
            switch self {
            case .ownership: "Of which class of device."
            case .permission: "What."
            case .answer: "Yes or no."
            case .words: "Within which bound, or the policy's own words."
            }
        }
    }
}
