import CLibpq

/// The types whose binary form is understood here.
enum BinaryType: Equatable {
    case text, uuid, bool, int2, int4, int8, float4, float8, numeric
    case moment, day, timeOfDay, json, jsonb, array, bytes
    case unknown(Oid)

    /// Whichever width: what `family` says of an integer.
    static let integer = BinaryType.int8

    /// By the OIDs of PostgreSQL's catalogue `pg_type`, which never change.
    init(_ oid: Oid) {
        self =
            switch oid {
            case 25, 1043, 1042, 18, 19: .text  // text, varchar, char(n), "char", name
            case 2950: .uuid
            case 16: .bool
            case 21: .int2
            case 23: .int4
            case 20: .int8
            case 700: .float4
            case 701: .float8
            case 1700: .numeric
            case 1184: .moment  // timestamptz
            case 1082: .day  // date
            case 1083: .timeOfDay  // time
            case 114: .json
            case 3802: .jsonb
            case 17: .bytes  // bytea
            // text[], varchar[], char(n)[], uuid[], bool[], int2[], int4[], int8[], date[],
            // timestamptz[]
            case 1009, 1015, 1014, 2951, 1000, 1005, 1007, 1016, 1182, 1185: .array
            default: .unknown(oid)
            }
    }

    var family: BinaryType {
        switch self {
        case .int2, .int4: .integer
        default: self
        }
    }

    /// Whether a value of this type can be written as JSON.
    var isWritable: Bool {
        switch self {
        case .unknown, .bytes: false
        default: true
        }
    }
}
