import JSON

extension AgreementText {
    /// The names that are filled in when an agreement is issued.
    static let placeholders: Set<String> = [
        "school", "headteacher", "dsl", "coordinator", "contact", "person", "class",
    ]

    var faults: [JSONFault] {
        faultsOfSigning + faultsOfRenewal + faultsOfCodes + faultsOfVariants + faultsOfPlaceholders
    }

    private var isSigned: Bool { form == .signature || form == .agreement }

    private var faultsOfSigning: [JSONFault] {
        var faults: [JSONFault] = []
        if let dueDays, !(0...365).contains(dueDays) {
            faults.append(.outside("/due_days", "0 to 365 days"))
        }
        guard isSigned else {
            if signers != nil {
                faults.append(.unasked("/signers"))
            }
            if !(attestations?.elements ?? []).isEmpty {
                faults.append(.unasked("/attestations"))
            }
            return faults
        }
        let parts = (signers ?? .oneself).parts
        for (place, attestation) in (attestations?.elements ?? []).enumerated() {
            if let by = attestation.by, !parts.contains(by) {
                faults.append(
                    JSONFault(
                        pointer: "/attestations/\(place)/by", code: "does_not_sign",
                        detail: "Name one of those who sign"))
            }
        }
        return faults
    }

    private var faultsOfRenewal: [JSONFault] {
        guard let months = renewal?.afterMonths, !(1...120).contains(months) else { return [] }
        return [.outside("/renewal/after_months", "1 to 120 months")]
    }

    /// A code stands for one thing.
    private var faultsOfCodes: [JSONFault] {
        var known: Set<String> = []
        var faults: [JSONFault] = []
        func note(_ code: ClauseCode, at pointer: String) {
            guard !known.insert(code.string).inserted else { return }
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/code", code: "repeated",
                    detail: "Another here has this code"))
        }
        for (place, heading) in headings.elements.enumerated() {
            note(heading.code, at: "/headings/\(place)")
            for (number, clause) in heading.clauses.elements.enumerated() {
                note(clause.code, at: "/headings/\(place)/clauses/\(number)")
            }
        }
        for (place, attestation) in (attestations?.elements ?? []).enumerated() {
            note(attestation.code, at: "/attestations/\(place)")
        }
        for (place, variant) in (variants?.elements ?? []).enumerated() {
            note(variant.code, at: "/variants/\(place)")
        }
        return faults
    }

    /// A variant says again what is there, and nothing else.
    private var faultsOfVariants: [JSONFault] {
        let codes = Set(headings.elements.flatMap { $0.clauses.elements.map(\.code) })
        var faults: [JSONFault] = []
        for (place, variant) in (variants?.elements ?? []).enumerated() {
            var known: Set<ClauseCode> = []
            for (number, clause) in variant.clauses.elements.enumerated() {
                let isKnown = codes.contains(clause.code)
                guard !isKnown || !known.insert(clause.code).inserted else { continue }
                faults.append(
                    JSONFault(
                        pointer: "/variants/\(place)/clauses/\(number)/code",
                        code: isKnown ? "repeated" : "unknown_clause",
                        detail: isKnown
                            ? "It says this clause twice" : "Give the code of one of the clauses"))
            }
        }
        return faults
    }

    private var faultsOfPlaceholders: [JSONFault] {
        texts.compactMap { pointer, words in
            words.split(separator: "{{", omittingEmptySubsequences: false).dropFirst()
                .allSatisfy { rest in
                    rest.firstRange(of: "}}").map {
                        Self.placeholders.contains(String(rest[..<$0.lowerBound]))
                    } ?? false
                }
                ? nil
                : JSONFault(
                    pointer: pointer, code: "unknown_placeholder",
                    detail: "Between {{ and }} stands one of: "
                        + Self.placeholders.sorted().joined(separator: ", "))
        }
    }

    private var texts: [(String, String)] {
        let above = headings.elements.enumerated().compactMap { place, heading in
            heading.words.map { ("/headings/\(place)/words", $0.string) }
        }
        let clauses = headings.elements.enumerated().flatMap { place, heading in
            heading.clauses.elements.enumerated().map {
                ("/headings/\(place)/clauses/\($0)/words", $1.words.string)
            }
        }
        let others = (variants?.elements ?? []).enumerated().flatMap { place, variant in
            variant.clauses.elements.enumerated().map {
                ("/variants/\(place)/clauses/\($0)/words", $1.words.string)
            }
        }
        let confirmed = (attestations?.elements ?? []).enumerated().map {
            ("/attestations/\($0)/words", $1.words.string)
        }
        let belongs = partOf.map { [("/part_of", $0.string)] } ?? []
        return [("/title", title.string)] + above + clauses + others + confirmed + belongs
    }

    /// What an adult confirms in every agreement that is signed (24.3).
    static let readByAdults = ["policy_read", "data_policy_read"]

    /// What stands against approving it (24.2, 24.3).
    var standsAgainstApproval: [Fault] {
        var faults: [Fault] = []
        if policy == nil {
            faults.append(
                Fault(
                    pointer: "/policy", code: "policy_missing",
                    detail: "Name the policy that it supports, with its version"))
        }
        if headings.elements.allSatisfy({ $0.clauses.elements.isEmpty }) {
            faults.append(
                Fault(pointer: "/headings", code: "clauses_missing", detail: "It says nothing yet"))
        }
        let confirmed = Set((attestations?.elements ?? []).map(\.code.string))
        if form == .signature, (signers ?? .oneself) == .oneself,
            !confirmed.isSuperset(of: Self.readByAdults)
        {
            faults.append(
                Fault(
                    pointer: "/attestations", code: "reading_unconfirmed",
                    detail: "An adult confirms to have read the policy and the data protection "
                        + "policy: policy_read and data_policy_read"))
        }
        return faults
    }
}

extension JSONFault {
    fileprivate static func outside(_ pointer: String, _ bounds: String) -> JSONFault {
        JSONFault(pointer: pointer, code: "out_of_range", detail: "From \(bounds)")
    }

    fileprivate static func unasked(_ pointer: String) -> JSONFault {
        JSONFault(
            pointer: pointer, code: "nobody_signs", detail: "Leave it out: nobody signs this")
    }
}
