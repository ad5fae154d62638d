/// A year of the national curriculum, or before it (ORG-03). Closed, because who signs, what is
/// filtered and which rules hold for phones go by it; what a school calls it, it says itself.
enum Year: String, Words {
    case preSchool = "pre_school"
    case nurseryOne = "n1"
    case nurseryTwo = "n2"
    case reception = "r"
    case one = "1"
    case two = "2"
    case three = "3"
    case four = "4"
    case five = "5"
    case six = "6"
    case seven = "7"
    case eight = "8"
    case nine = "9"
    case ten = "10"
    case eleven = "11"
    case twelve = "12"
    case thirteen = "13"

    var label: String {
        switch self {
        case .preSchool: "Pre-school"
        case .nurseryOne: "Nursery, first year"
        case .nurseryTwo: "Nursery, second year"
        case .reception: "Reception"
        default: "Year \(rawValue)"
        }
    }
}

/// The Early Years Foundation Stage and the key stages (Education Act 2002, section 82).
enum Phase: String, Words {
    case eyfs
    case keyStage1 = "key_stage_1"
    case keyStage2 = "key_stage_2"
    case keyStage3 = "key_stage_3"
    case keyStage4 = "key_stage_4"
    case keyStage5 = "key_stage_5"

    var label: String {
        self == .eyfs ? "Early Years Foundation Stage" : "Key Stage \(rawValue.suffix(1))"
    }
}
