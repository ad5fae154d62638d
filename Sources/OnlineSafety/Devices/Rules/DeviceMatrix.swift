import JSON
import OpenAPI

/// What a school permits to each class of device (DEV-02, appendix 5 of the matrix).
struct DeviceMatrix: Resource {
    let schoolID: ID<School>
    let fromOn: Day?
    let cells: [MatrixCell]
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "What a school permits to each class of device; what is blank is left out."
    static var example: DeviceMatrix {
        DeviceMatrix(
            schoolID: .example, fromOn: .example, cells: [.example], setBy: "Amina Yusuf",
            setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case cells, etag
        case schoolID = "school_id"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .fromOn: "From which day; absent where nobody had decided anything by then."
            case .cells: "What was decided; of a cell that is not there nobody has decided."
            case .setBy: "Who set it."
            case .setAt: "When."
            case .etag: "The version of the latest that was set, to be sent as If-Match."
            }
        }
    }

    /// All of it, as somebody sets it.
    struct Said: Body {
        let fromOn: Day?
        let cells: Few<MatrixCell, 24>

        static let schemaName = "DeviceMatrixSaid"
        static let words = "What a school permits to each class of device, all of it at once."
        static var example: Said { Said(fromOn: nil, cells: [.example]) }

        enum CodingKeys: String, FieldWords {
            case cells
            case fromOn = "from_on"

            var words: String {
                switch self {
                case .fromOn: "From which day; today when not given."
                case .cells: "What is decided; leave out what is not."
                }
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
