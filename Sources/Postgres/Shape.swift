/// A statement without its values. Two are equal when they come from the same literals, so that
/// finding a prepared statement compares addresses, not text.
struct Shape: Hashable, Sendable {
    private var pieces: [Piece] = []

    /// Of all pieces, kept while they come: each request asks for it.
    private var digest = 0

    mutating func reserve(_ count: Int) { pieces.reserveCapacity(count) }
    mutating func appendValue() { append(.value) }

    mutating func append(_ other: Shape) {
        for piece in other.pieces { append(piece) }
    }

    mutating func append(_ literal: StaticString) {
        if literal.utf8CodeUnitCount > 0 { append(.text(literal)) }
    }

    private mutating func append(_ piece: Piece) {
        pieces.append(piece)
        digest = digest &* 31 &+ piece.number
    }

    static func == (one: Shape, other: Shape) -> Bool {
        one.digest == other.digest && one.pieces == other.pieces
    }

    func hash(into hasher: inout Hasher) { hasher.combine(digest) }

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

    private enum Piece: Equatable, Sendable {
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

        var number: Int {
            if case .text(let text) = self { Int(bitPattern: text.utf8Start) } else { 1 }
        }
    }
}
