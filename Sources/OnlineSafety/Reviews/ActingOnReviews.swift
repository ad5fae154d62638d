import JSON
import Postgres

/// What is done with a review: begun, completed, signed, moved, cancelled (24.5, REV-19).
enum ActingOnReviews {
    static let route: Route = .post(
        "/v1/reviews/{review}/acts", "Act on a review",
        """
        Begun and completed by a post that holds it; signed by each of those who hold it together, \
        where the rule says so; signed off by a post that does so and never by who completed it or \
        holds it with another; moved by those who set the rules, one of a cycle at most a period \
        beyond the day on which it was due; cancelled by the headteacher. Of the meeting of the \
        DSL and the link governor, those who were there name one of each side. Who \
        signs is as the rule was when it was completed; and nobody completes what nobody else \
        could sign today: then another completes it, or the rule names another post first. What \
        was completed is never altered. To complete one of a kind that has a period plans the \
        next, where none is planned; so does to cancel one of a cycle.
        """,
        for: Reviews.holders.admitted(.reviewsOfSchool) + Reviews.parties, by(act))

    static func act(
        on id: ID<Review>, _ said: ReviewActSaid, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Review> {
        let review = try await OpenedReview.open(id, for: said.act, reach, in: tx)
        try await review.check(said, in: tx)
        try review.checkState(for: said.act)
        review.write(said, by: reach.caller, in: tx)
        if said.act == .completed {
            for action in said.actions?.elements ?? [] {
                action.write(of: id, at: review.school, by: reach.caller, in: tx)
            }
        }
        return Created(tx.stored(ListingReviews.one(id, reach)))
    }
}

/// A review taken in hand, for something to be done with it; its school is held, so that nobody
/// does anything else with it meanwhile.
private struct OpenedReview {
    let id: ID<Review>
    let school: ID<School>
    private let kind: ReviewKind
    private let post: String
    private let required: [ReviewPart]
    private let state: ReviewState
    private let isOwn: Bool
    private let canBeSigned: Bool
    private let hasJoined: Bool
    private let party: String?

    /// The last day to which it can be moved; `nil` where it has no period.
    private let latestOn: String?

    /// Throws where it is not there for the caller, or is not theirs to do this with.
    static func open(
        _ id: ID<Review>, for act: ReviewAct, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedReview {
        tx.add(
            """
            select hold_school(review.school_id) from review
            where review.id = \(id) and \(reach.reviews)
            """)
        let found = try await tx.run(
            """
            select review.school_id, review.kind, review.required,
                review.state, post_for_a_review(
                    review.school_id, review.kind, \(act), review._rule) as post,
                review._completed_by = caller_account() as is_own,
                review.sign_off = '{}' or exists (
                    select from post
                    where post.school_id = review.school_id and post.role = any(review.sign_off)
                        and post._account_id <> caller_account()
                        and post._account_id is distinct from review._completed_by
                        and not exists (
                            select from review_act as joined
                            where joined.school_id = review.school_id
                                and joined.review_id = review.id and joined.act = 'joined'
                                and joined.done_by = post._account_id)) as can_be_signed,
                review._has_joined as has_joined,
                case when review.trigger = 'cycle' and next.due_on is not null
                    then greatest(next.due_on, review.due_on)::text end as latest_on,
                party_of_the_caller(review.school_id, review.awaits) as party
            from review_shown as review
            join review as planned
                on planned.school_id = review.school_id and planned.id = review.id
            cross join lateral (
                select review_due_after(
                    review.school_id, review._rule, planned.due_on, planned.due_on) as due_on
            ) as next
            where review.id = \(id) and \(reach.reviews)
            """)
        guard let school = found.uuid(0, "school_id"),
            let kind = found.text(0, "kind").flatMap(ReviewKind.init),
            let state = found.text(0, "state").flatMap(ReviewState.init)
        else { throw Problem(.notFound) }
        guard let post = found.text(0, "post") else {
            throw Problem(.forbidden, "The rule of the kind names other posts for this.")
        }
        return OpenedReview(
            id: id, school: ID(school), kind: kind, post: post,
            required: (found.texts(0, "required") ?? []).compactMap(ReviewPart.init),
            state: state, isOwn: found.bool(0, "is_own") == true,
            canBeSigned: found.bool(0, "can_be_signed") == true,
            hasJoined: found.bool(0, "has_joined") == true, party: found.text(0, "party"),
            latestOn: found.text(0, "latest_on"))
    }

    /// Throws where it does not stand so that this could be done, and where somebody would sign
    /// what they completed, or complete what nobody else could sign.
    func checkState(for act: ReviewAct) throws(Problem) {
        guard act.states.contains(state) else {
            throw Problem(conflicts: [.wrongState(state, needs: act.states)])
        }
        guard act != .signedOff || !(isOwn || hasJoined) else {
            throw ReviewFault.conflict(["own_completion"])
        }
        if act == .joined {
            if party == nil { throw ReviewFault.conflict(["not_a_party"]) }
            if hasJoined { throw ReviewFault.conflict(["joined_already"]) }
        }
        guard ![.completed, .joined].contains(act) || canBeSigned else {
            throw ReviewFault.conflict(["nobody_could_sign"])
        }
    }

    /// Throws every fault of what is said.
    func check(_ said: ReviewActSaid, in tx: Transaction) async throws {
        var faults: [JSONFault] = []
        if let record = said.record {
            faults += required.filter { !record.says($0) }.map {
                JSONFault(
                    pointer: "/record/\($0.rawValue)", code: "required",
                    detail: "The rule of the school asks for it: \($0.label.lowercased())")
            }
        }
        let actions = said.actions?.elements ?? []
        let reason = said.reason.map { [PlacedText("/reason", $0.string)] } ?? []
        let texts =
            (said.record?.texts ?? []) + reason
            + actions.enumerated().map {
                PlacedText("/actions/\($0.offset)/words", $0.element.words.string)
            }
        faults += try await PlacedText.faults(of: texts, at: school, in: tx)
        let people =
            (said.record?.attendees?.elements ?? []).enumerated().compactMap { place, there in
                there.personID.map { ("/record/attendees/\(place)/person_id", $0) }
            }
            + actions.enumerated().compactMap { place, action in
                action.ownerID.map { ("/actions/\(place)/owner_id", $0) }
            }
        faults += try await PlacedText.unknown(people, at: school, in: tx)
        let days =
            (said.dueOn.map { [("/due_on", $0)] } ?? [])
            + actions.enumerated().map { ("/actions/\($0.offset)/due_on", $0.element.dueOn) }
        faults += try await ReviewDays.faults(days, in: tx)
        faults += try await ReviewDays.over(said.dueOn.map { [("/due_on", $0)] } ?? [], in: tx)
        if let latestOn, let day = said.dueOn, day.string > latestOn {
            faults.append(ReviewFault.fault("/due_on", "beyond_a_period"))
        }
        try await said.judge(besides: faults + past(said, in: tx) + absent(said, in: tx))
    }

    /// Who was not there without whom the DSL and the link governor have not met (REV-14). Of
    /// somebody who is named without the post in which they came, the posts of that day count.
    private func absent(_ said: ReviewActSaid, in tx: Transaction) async throws -> [JSONFault] {
        let there = said.record?.attendees?.elements ?? []
        guard kind == .dslGovernorMeeting, said.act == .completed,
            !there.isEmpty || !required.contains(.attendees)
        else { return [] }
        let found = try await tx.run(
            """
            select array(
                select unnest(\(there.compactMap { $0.role?.rawValue })::text[])
                union
                select post.role from post_ever as post
                where post.school_id = \(school)
                    and post.person_id = any(
                        \(there.compactMap { $0.role == nil ? $0.personID : nil })::uuid[])
                    and coalesce(\(said.heldOn)::date, london_today())
                        between post.from_on and coalesce(post.until_on, 'infinity')
            ) as roles
            """)
        let roles = (found.texts(0, "roles") ?? []).compactMap(Role.init)
        let sides: [(code: String, posts: [Role])] = [
            ("no_dsl_there", [.dsl, .deputyDSL]),
            ("no_governor_there", [.linkGovernor, .chairOfGovernors]),
        ]
        return sides.filter { side in !roles.contains { side.posts.contains($0) } }
            .map { ReviewFault.fault("/record/attendees", $0.code) }
    }

    /// What was held or told was so on a day that has come, and not long ago.
    private func past(_ said: ReviewActSaid, in tx: Transaction) async throws -> [JSONFault] {
        let days: [(pointer: String, day: Day)] =
            (said.heldOn.map { [("/held_on", $0)] } ?? [])
            + (said.record?.reportedTo?.elements ?? []).enumerated().map {
                ("/record/reported_to/\($0.offset)/on", $0.element.on)
            }
        guard !days.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.place::integer as place, said.day::date > london_today() as is_ahead
            from unnest(\(days.map(\.day.string))::text[]) with ordinality as said (day, place)
            where said.day::date not between london_today() - 366 and london_today()
            order by said.place
            """)
        return (0..<found.count).map { row in
            let isAhead = found.bool(row, "is_ahead") == true
            return JSONFault(
                pointer: days[(found.int(row, "place") ?? 1) - 1].pointer,
                code: isAhead ? "in_the_future" : "out_of_range",
                detail: "Give today or a day before, within a year")
        }
    }

    /// Puts it on record, and plans what follows.
    func write(_ said: ReviewActSaid, by caller: Caller, in tx: Transaction) {
        let heldOn: SQL =
            said.act == .completed ? "coalesce(\(said.heldOn)::date, london_today())" : "null::date"
        tx.add(
            ReviewCycle.act(
                said.act, as: said.act == .joined ? "\(party)::text" : "null::text",
                """
                select \(school)::uuid, \(id)::uuid, \(kind)::text, \(said.act)::text, \(heldOn),
                    \(said.dueOn)::date, \(said.record.map { JSON.string(of: $0) })::text::jsonb,
                    \(said.reason)::text, \(post)::text, \(caller.name)::text
                """))
        let cycle = ReviewCycle(kind: kind, school: school)
        switch said.act {
        case .completed: cycle.follow(id, heldOn: heldOn, by: caller, in: tx)
        case .cancelled:
            cycle.follow(
                id, heldOn: "greatest(review.due_on, london_today())", by: caller, in: tx)
        case .started, .joined, .signedOff, .moved: break
        }
    }
}

/// What stands against something with a review, for people.
enum ReviewFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static func conflict(_ codes: [String]) -> Problem {
        Problem(
            conflicts: codes.map {
                Fault(pointer: "", code: $0, detail: words[$0] ?? "Not as things stand")
            })
    }

    static let words = [
        "another_incident": "Its review goes back to another incident",
        "beyond_a_period": "At most a period beyond the day on which it was due",
        "may_not_review": "No such post holds reviews",
        "no_dsl_there": "Neither the DSL nor a deputy is among those who were there",
        "no_governor_there":
            "Neither the link governor nor the chair of governors is among those who were there",
        "no_period": "The school has not said how often it is held, so its day must be given",
        "nobody_could_sign":
            "Nobody else holds a post that signs it: let another complete it, or name a post that "
            + "somebody else holds in the rule",
        "not_held": "The school does not hold these",
        "not_a_party": "It is for those who hold it together, and who have not signed",
        "joined_already": "Nobody signs it as both: it is held by two",
        "own_completion": "Nobody signs off what they completed themselves, or held",
        "planned_already": "The next of its cycle is planned already",
        "no_owner": "Actions are owned by people of the school and by its posts",
        "unknown_review": "There is no such review",
    ]
}
