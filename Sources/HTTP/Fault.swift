/// Why the HTTP layer refuses a request, or a connection. Each closes the connection.
package enum Fault: Error, Sendable, CaseIterable {
    case bareLineEnd, controlCharacter, requestLine, target, host, hostCount, credentialsTwice
    case fieldName, fieldFolded, length, lengthTwice, coding, codingTwice, codingAndLength
    case codingUnknown, codingInOldVersion, chunk, chunkLineTooLong, trailersTooLong, truncated
    case tooSlow, bodyTooLarge, targetTooLong, expectation, headTooLarge, tooManyFields
    case method, version, unanswered, tooManyConnections, tooManyBodies

    package var status: Status { parts.status }

    /// For programs: never renamed.
    package var code: StaticString { parts.code }

    /// For people.
    package var detail: StaticString { parts.detail }

    /// It will pass by itself: the answer says when to try again.
    var isPassing: Bool { self == .tooManyConnections || self == .tooManyBodies }
}

extension Fault {
    private typealias Parts = (status: Status, code: StaticString, detail: StaticString)

    private static func malformed(_ detail: StaticString) -> Parts {
        (.badRequest, "malformed_request", detail)
    }

    private static func framing(_ detail: StaticString) -> Parts {
        (.badRequest, "ambiguous_length", detail)
    }

    private var parts: Parts {
        switch self {
        case .bareLineEnd: Self.malformed("A line must end with CR and LF together.")
        case .controlCharacter: Self.malformed("The head contains a control character.")
        case .requestLine: Self.malformed("The first line is not that of an HTTP request.")
        case .target:
            (.badRequest, "invalid_target", "The address is not valid, or its escapes are not.")
        case .host: (.badRequest, "invalid_host", "The Host field is not a valid host.")
        case .hostCount: (.badRequest, "invalid_host", "Send exactly one Host field.")
        case .credentialsTwice: Self.malformed("Send at most one Authorization field.")
        case .fieldName: Self.malformed("A header field has no valid name before its colon.")
        case .fieldFolded: Self.malformed("A header field must not continue on another line.")
        case .length: Self.framing("Content-Length must be one decimal number.")
        case .lengthTwice: Self.framing("Send Content-Length once.")
        case .coding: Self.framing("Transfer-Encoding must end with chunked, once.")
        case .codingTwice: Self.framing("Send Transfer-Encoding once.")
        case .codingAndLength: Self.framing("Send Content-Length or Transfer-Encoding, not both.")
        case .codingInOldVersion: Self.framing("HTTP/1.0 knows no Transfer-Encoding.")
        case .chunk: Self.malformed("The chunked body is not well-formed.")
        case .chunkLineTooLong: Self.malformed("The extensions of the chunks are too long.")
        case .trailersTooLong: Self.malformed("The trailer fields are too long.")
        case .truncated: Self.malformed("The request ended before it was complete.")
        case .tooSlow: (.requestTimeout, "request_timeout", "The request arrived too slowly.")
        case .bodyTooLarge: (.contentTooLarge, "content_too_large", "The body is too large.")
        case .targetTooLong: (.uriTooLong, "uri_too_long", "The address is too long.")
        case .expectation:
            (.expectationFailed, "expectation_failed", "Only 100-continue can be expected.")
        case .headTooLarge:
            (.headerFieldsTooLarge, "header_fields_too_large", "The header fields are too large.")
        case .tooManyFields:
            (.headerFieldsTooLarge, "header_fields_too_large", "There are too many header fields.")
        case .codingUnknown:
            (.notImplemented, "not_implemented", "The only transfer coding known is chunked.")
        case .method: (.notImplemented, "not_implemented", "This method is not known here.")
        case .version:
            (.versionNotSupported, "version_not_supported", "Speak HTTP/1.1, please.")
        case .unanswered: (.failed, "internal_error", "Something went wrong here.")
        case .tooManyConnections:
            (.unavailable, "overloaded", "There are too many connections; try again soon.")
        case .tooManyBodies:
            (.unavailable, "overloaded", "Too much is being sent at once; try again soon.")
        }
    }
}
