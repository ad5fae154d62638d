/// A statement without its values. Two are equal when they come from the same literals, so that
/// finding a prepared statement compares addresses, not text.
struct Shape: Hashable, Sendable {
    private var pieces: [Piece] = []

    mutating func reserve(_ count: Int) { pieces.reserveCapacity(count) }
    mutating func appendValue() { pieces.append(.value) }
    mutating func append(_ other: Shape) { pieces += other.pieces }

    mutating func append(_ literal: StaticString) {
        if literal.utf8CodeUnitCount > 0 { pieces.append(.text(literal)) }
    }

    /// The text with `$1`, `$2`, … in place of the values.
    var text: String {
        var count = 0
        return pieces.reduce(into: "") { text, piece in
            switch piece {
            case .text(let literal): text += literal.description
            case .value:
                count += 1
                text += "$\(count)"
            }
        }
    }

    private enum Piece: Hashable, Sendable {
        case text(StaticString)
        case value

        static func == (one: Piece, other: Piece) -> Bool {
            switch (one, other) {
            case (.text(let one), .text(let other)):
                one.utf8Start == other.utf8Start
                    && one.utf8CodeUnitCount == other.utf8CodeUnitCount
            case (.value, .value): true
            default: false
            }
        }

        func hash(into hasher: inout Hasher) {
            if case .text(let text) = self { hasher.combine(text.utf8Start) }
        }
    }
}
