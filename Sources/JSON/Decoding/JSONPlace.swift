/// Where a value stands in the whole; becomes text only when something is wrong there.
indirect enum JSONPlace {
    case root
    case member(of: JSONPlace, String)
    case element(of: JSONPlace, Int)

    /// The place as a JSON Pointer (RFC 6901, section 3).
    var pointer: String {
        switch self {
        case .root: ""
        case .member(let parent, let name): "\(parent.pointer)/\(Self.escape(name))"
        case .element(let parent, let index): "\(parent.pointer)/\(index)"
        }
    }

    /// `~` and `/` mean something in a pointer.
    private static func escape(_ name: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": escaped.append(contentsOf: "~0".unicodeScalars)
            case "/": escaped.append(contentsOf: "~1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
