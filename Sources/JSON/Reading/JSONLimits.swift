/// How much one JSON text may hold; RFC 8259, section 9 lets a reader set limits.
package struct JSONLimits: Sendable {
    /// Arrays and objects inside one another.
    package var depth = 64
    /// Members of one object.
    package var members = 1000
    /// Elements of one array.
    package var elements = 10_000
    /// Bytes of one name; a fault's pointer shows names, so they bound its size.
    package var nameLength = 256
    /// Bytes of one number.
    package var numberLength = 256

    package init() {}
}
