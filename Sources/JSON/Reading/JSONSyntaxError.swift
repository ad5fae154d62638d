/// Why bytes are not JSON, and where.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    /// What is wrong, as a word that never changes its meaning.
    package enum Code: String, CaseIterable, Sendable {
        /// Not the grammar of RFC 8259.
        case syntax = "json_syntax"
        /// Arrays and objects nested deeper than the limit.
        case tooDeep = "json_too_deep"
        /// An object names a member twice.
        case duplicateName = "json_duplicate_name"
        /// A string is not UTF-8 (RFC 3629).
        case invalidUTF8 = "json_invalid_utf8"
        /// A `\u` escape is half of a pair of surrogates.
        case loneSurrogate = "json_lone_surrogate"
        /// A string holds U+0000, which PostgreSQL's text cannot keep.
        case nul = "json_nul"
        /// An object has more members than the limit.
        case tooManyMembers = "json_too_many_members"
        /// An array has more elements than the limit.
        case tooManyElements = "json_too_many_elements"
        /// A name is longer than the limit.
        case nameTooLong = "json_name_too_long"
        /// A number has more digits than the limit.
        case numberTooLong = "json_number_too_long"
    }

    package let code: Code
    /// How many bytes stand before the place; for a string's bad bytes, before the string.
    package let offset: Int
    /// One sentence for whoever sent it; nothing of what was sent.
    package let detail: String
}
