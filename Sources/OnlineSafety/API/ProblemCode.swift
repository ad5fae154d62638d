import HTTP

extension Problem {
    /// What can be wrong with a request. The codes are part of the API: never renamed.
    package enum Code: String, CaseIterable, Sendable {
        case malformedRequest = "malformed_request"
        case malformedJSON = "malformed_json"
        case invalidParameter = "invalid_parameter"
        case invalidCursor = "invalid_cursor"
        case unauthorized
        case credentialsInvalid = "credentials_invalid"
        case forbidden
        case encryptionRequired = "encryption_required"
        case stepUpRequired = "step_up_required"
        case codeRequired = "code_required"
        case passwordChangeRequired = "password_change_required"
        case secondFactorRequired = "second_factor_required"
        case monitoringNoticeUnacknowledged = "monitoring_notice_unacknowledged"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case conflict
        case massLeaveBlocked = "mass_leave_blocked"
        case requestInFlight = "request_in_flight"
        case preconditionFailed = "precondition_failed"
        case preconditionRequired = "precondition_required"
        case unsupportedMediaType = "unsupported_media_type"
        case validationFailed = "validation_failed"
        case keyReused = "key_reused"
        case exportTooLarge = "export_too_large"
        case tooManyRequests = "too_many_requests"
        case failed = "internal_error"
        case busy
        case unavailable
        case outcomeUnknown = "outcome_unknown"
    }
}

extension Problem.Code {
    package var status: Status {
        switch self {
        case .malformedRequest, .malformedJSON, .invalidParameter, .invalidCursor: .badRequest
        case .unauthorized, .credentialsInvalid: .unauthorized
        case .forbidden, .encryptionRequired, .stepUpRequired, .codeRequired,
            .passwordChangeRequired, .secondFactorRequired, .monitoringNoticeUnacknowledged:
            .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .conflict, .massLeaveBlocked, .requestInFlight: .conflict
        case .preconditionFailed: .preconditionFailed
        case .preconditionRequired: .preconditionRequired
        case .unsupportedMediaType: .unsupportedMediaType
        case .validationFailed, .keyReused, .exportTooLarge: .unprocessable
        case .tooManyRequests: .tooManyRequests
        case .failed: .failed
        case .busy, .unavailable, .outcomeUnknown: .unavailable
        }
    }

    /// The problem's short name, which does not change from one occurrence to the next.
    package var title: String {
        switch self {
        case .malformedRequest: "The request is not well formed"
        case .malformedJSON: "The body is not JSON"
        case .invalidParameter: "Some parameters are not valid"
        case .invalidCursor: "The cursor does not belong here"
        case .unauthorized: "Log in first"
        case .credentialsInvalid: "The e-mail address or the password is wrong"
        case .forbidden: "Your role does not allow this"
        case .encryptionRequired: "Come by TLS"
        case .stepUpRequired: "Show afresh that it is you"
        case .codeRequired: "Give the code of your second factor first"
        case .passwordChangeRequired: "Change your password first"
        case .secondFactorRequired: "Set up a second factor first"
        case .monitoringNoticeUnacknowledged: "Acknowledge the monitoring notice first"
        case .notFound: "There is nothing here that you may see"
        case .methodNotAllowed: "This address does not answer that method"
        case .notAcceptable: "No answer in that form"
        case .conflict: "A rule stands against this now"
        case .massLeaveBlocked: "More would leave, or end, than is likely"
        case .requestInFlight: "The first request with this key is still in flight"
        case .preconditionFailed: "It has changed since you read it"
        case .preconditionRequired: "Say which version you read"
        case .unsupportedMediaType: "The body is of a kind that is not accepted"
        case .validationFailed: "Some fields are not valid"
        case .keyReused: "The key was used for another request"
        case .exportTooLarge: "The table would have too many rows"
        case .tooManyRequests: "Too many requests came this way"
        case .failed: "Something went wrong here"
        case .busy: "Too much is asked just now"
        case .unavailable: "The register cannot be reached just now"
        case .outcomeUnknown: "It is not known whether this was kept"
        }
    }

    /// What to do about it, when the occurrence has nothing of its own to say.
    package var words: String {
        switch self {
        case .malformedRequest: "The request breaks the rules of HTTP; nothing was done."
        case .malformedJSON: "Send one JSON value in UTF-8 (RFC 8259); nothing was done."
        case .invalidParameter:
            "An unknown or faulty parameter is refused, so that a typing error "
                + "does not return everything."
        case .invalidCursor:
            "Use the cursor only with the filters, the sort and the log-in that "
                + "gave it, or begin again without one."
        case .unauthorized: "Send a live token: Authorization: Bearer …"
        case .credentialsInvalid: "Check both and try again."
        case .forbidden: "None of the roles that you hold may ever do this."
        case .encryptionRequired:
            "Nothing is answered to what comes over a network unencrypted; change a password or a "
                + "secret that you sent so."
        case .stepUpRequired:
            "Send your password, or a code, to POST /v1/session/step-up, then ask again."
        case .codeRequired:
            "Until POST /v1/session/code has a right code, this session opens nothing else."
        case .passwordChangeRequired:
            "Until PUT /v1/me/password, this session opens nothing else."
        case .secondFactorRequired:
            "Your school asks for one: until it is set up under /v1/me/second-factor, this session "
                + "opens nothing else."
        case .monitoringNoticeUnacknowledged:
            "Read GET /v1/monitoring-notice and acknowledge it; this session opens nothing else."
        case .notFound: "It does not exist, or not for you."
        case .methodNotAllowed: "The Allow header lists the methods that are answered."
        case .notAcceptable: "Ask for application/json, or text/csv on a list."
        case .conflict: "You may do this, but not as things stand."
        case .massLeaveBlocked:
            "Is the file whole? If so many have left, send it again with `confirm_leavers`; if so "
                + "many families have changed, with `confirm_links_ended`."
        case .requestInFlight: "Wait for its answer, then ask again with the same key."
        case .preconditionFailed: "Read it again, and send If-Match with the new ETag."
        case .preconditionRequired: "Send If-Match with the ETag that you read."
        case .unsupportedMediaType:
            "Send Content-Type: application/json. No file of any kind is "
                + "taken here."
        case .validationFailed: "Every faulty field is named under errors."
        case .keyReused:
            "An Idempotency-Key belongs to one request: the same method, path and body."
        case .exportTooLarge: "Narrow the filter, or go on by limit and cursor."
        case .tooManyRequests: "Try again after the time that Retry-After names."
        case .failed: "It is in the log under this request id. Nothing was kept."
        case .busy: "Try again after the time that Retry-After names."
        case .unavailable: "Nothing was kept. Try again after the time that Retry-After names."
        case .outcomeUnknown:
            "The connection to the database was lost while keeping it. Ask again "
                + "with the same Idempotency-Key."
        }
    }
}
