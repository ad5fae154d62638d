import JSON
import Postgres

/// Writing the versions of an agreement, and deciding about them (24.2).
enum AgreementVersions {
    static let routes: [Route] = [
        .get(
            "/v1/agreement-templates/{template}/versions", "List versions of a template",
            "The newest first, without their texts. Drafts only for those who write agreements.",
            for: admitted, by(list)
        ).openTo(.agreementsRead, .publishedAgreementTexts),
        .post(
            "/v1/agreement-templates/{template}/versions", "Draft a version",
            "One at a time: the draft before is published or withdrawn first.",
            for: Agreements.writers.admitted(.ownAgreementTexts), by(draft)
        ).takingBodies(upTo: 512 << 10),
        .get(
            "/v1/agreement-versions/{version}", "Read a version",
            "With its text, as it was written: names are filled in when it is issued.",
            for: admitted, by(read)
        ).openTo(.agreementsRead, .publishedAgreementTexts),
        .put(
            "/v1/agreement-versions/{version}", "Rewrite a draft",
            "All of it at once; what was written before is kept. Requires If-Match.",
            for: Agreements.writers.admitted(.ownAgreementTexts), by(rewrite)
        ).takingBodies(upTo: 512 << 10),
        .post(
            "/v1/agreement-versions/{version}/approval", "Approve a version",
            "By the headteacher; from then on nobody rewrites it. It names the policy it supports.",
            for: [.headteacher].admitted(.ownAgreementTexts), by(approve)),
        .post(
            "/v1/agreement-versions/{version}/publication", "Publish a version",
            """
            From a day on: it supersedes the version before, whose signatures become due again \
            after the school's grace.
            """,
            for: publishers.admitted(.ownAgreementTexts), by(publish)),
        .post(
            "/v1/agreement-versions/{version}/withdrawal", "Withdraw a version",
            """
            By the headteacher, with the reason: nobody owes it any more. Where it had not been in \
            force for a day, the version before it stays in force.
            """,
            for: [.headteacher].admitted(.ownAgreementTexts), by(withdraw)),
    ]

    private static let publishers: [Role] = [.onlineSafetyCoordinator, .headteacher]
    private static let admitted =
        Agreements.writers.admitted(.ownAgreementTexts)
        + Agreements.readers.admitted(.publishedAgreementTexts)

    static func list(
        of template: ID<AgreementTemplate>, within reach: Reach, in tx: Transaction
    ) -> Listed<AgreementVersion> {
        tx.listed(
            """
            \(shown(reach, with: "null::jsonb")) and text.template_id = \(template)
            order by text.number desc
            limit 200
            """)
    }

    static func draft(
        of template: ID<AgreementTemplate>, _ text: AgreementText, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AgreementVersion> {
        let found = try await tx.run(
            """
            select hold_school(text.school_id), text.school_id, text.draft_id, (
                select coalesce(max(version.number), 0) from agreement_version_shown as version
                where version.school_id = text.school_id and version.template_id = text.id
            ) as latest
            from agreement_template_shown as text
            where text.id = \(template) and \(reach.sql(.ownAgreementTexts))
            """)
        guard let school = found.uuid(0, "school_id"), let latest = found.int(0, "latest") else {
            throw Problem(.notFound)
        }
        guard found.uuid(0, "draft_id") == nil else {
            throw Problem(.conflict, "There is a draft already: publish or withdraw it first.")
        }
        try await checkNeeds(of: text, at: ID(school), besides: template, in: tx)
        let id = ID<AgreementVersion>()
        write(
            text, "agreement_drafted", ID(school), id, template, number: latest + 1, version: 1,
            reach, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func read(
        _ id: ID<AgreementVersion>, within reach: Reach, in tx: Transaction
    ) -> Stored<AgreementVersion> {
        tx.stored(one(id, reach))
    }

    static func rewrite(
        _ id: ID<AgreementVersion>, as text: AgreementText, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<AgreementVersion> {
        let version = try await opened(id, reach, in: tx)
        try ifMatch.check(version.etag)
        try version.check([.draft], "Only a draft is rewritten: draft the next version.")
        try await checkNeeds(of: text, at: version.school, besides: version.template, in: tx)
        write(
            text, "agreement_rewritten", version.school, id, version.template,
            number: version.number, version: version.version + 1, reach, in: tx)
        return tx.stored(one(id, reach))
    }

    static func approve(
        _ id: ID<AgreementVersion>, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AgreementVersion> {
        let version = try await opened(id, reach, in: tx)
        try ifUnchanged.check(version.etag)
        try version.check([.draft], "Only a draft is approved.")
        let against = version.text.standsAgainstApproval
        guard against.isEmpty else { throw Problem(conflicts: against) }
        decide("approved", "agreement_approved", of: version, reach, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func publish(
        _ id: ID<AgreementVersion>, _ said: AgreementVersion.Publication, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AgreementVersion> {
        let version = try await opened(id, reach, in: tx)
        try version.check([.approved], "Only what was approved is published.")
        let day: SQL = "coalesce(\(said.effectiveOn)::date, london_today())"
        let paper: SQL = "\(said.paperFromOn)::date"
        let found = try await tx.run(
            """
            select \(day) between london_today() and london_today() + 366 as is_in_time,
                coalesce(
                    \(paper) between london_today() - interval '5 years' and london_today(), true
                ) as is_past
            """)
        var faults: [JSONFault] = []
        if found.bool(0, "is_in_time") != true { faults.append(.notInTime(within: "a year")) }
        if found.bool(0, "is_past") != true {
            faults.append(
                JSONFault(
                    pointer: "/paper_from_on", code: "out_of_range",
                    detail: "Give today or a day of the last five years"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        decide(
            "published", "agreement_published", of: version, from: day, onPaperFrom: paper, reach,
            in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func withdraw(
        _ id: ID<AgreementVersion>, _ said: AgreementVersion.Withdrawal, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AgreementVersion> {
        let version = try await opened(id, reach, in: tx)
        try version.check(
            [.draft, .approved, .published], "It was withdrawn, or superseded, before.")
        decide(
            "withdrawn", "agreement_withdrawn", of: version, because: said.reason, reach, in: tx)
        return Created(tx.stored(one(id, reach)))
    }
}

extension AgreementVersions {
    private static func shown(_ reach: Reach, with text: SQL) -> SQL {
        """
        select text.id, text.school_id, text.template_id, text.template, text.number, text.state,
            text._content ->> 'title' as title, \(text) as text, \(names(reach)), text.approved_at,
            text.effective_on, text.paper_from_on, text.published_at, text.withdrawn_because,
            text.withdrawn_at, text.written_at, text.etag
        from agreement_version_shown as text
        where \(reach.agreementTexts)
        """
    }

    /// Who did what is nothing for a machine's client.
    private static func names(_ reach: Reach) -> SQL {
        reach.caller.scopes == nil
            ? "text.written_by, text.approved_by, text.published_by, text.withdrawn_by"
            : "null as written_by, null as approved_by, null as published_by, null as withdrawn_by"
    }

    private static func one(_ id: ID<AgreementVersion>, _ reach: Reach) -> SQL {
        "\(shown(reach, with: "text._content")) and text.id = \(id)"
    }

    /// The version, with its school held, so that nobody decides about it meanwhile.
    private static func opened(
        _ id: ID<AgreementVersion>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedAgreementVersion {
        tx.add(
            """
            select hold_school(text.school_id) from agreement_version_shown as text
            where text.id = \(id) and \(reach.sql(.ownAgreementTexts))
            """)
        let found = try await tx.run(
            """
            select text.school_id, text.template_id, text.number, text._version as version,
                text.state, text._content::text as content, text.etag
            from agreement_version_shown as text
            where text.id = \(id) and \(reach.sql(.ownAgreementTexts))
            """)
        guard let version = OpenedAgreementVersion(id, found) else { throw Problem(.notFound) }
        return version
    }

    /// Throws where the text needs what is no other template of the school.
    private static func checkNeeds(
        of text: AgreementText, at school: ID<School>, besides own: ID<AgreementTemplate>,
        in tx: Transaction
    ) async throws {
        let needs = text.needs?.elements ?? []
        guard !needs.isEmpty else { return }
        let found = try await tx.run(
            """
            select needed.place::integer as place
            from unnest(\(needs)::uuid[]) with ordinality as needed (id, place)
            where needed.id = \(own) or not exists (
                select from agreement_template as template
                where template.school_id = \(school) and template.id = needed.id)
            order by needed.place
            """)
        let faults = (0..<found.count).map { row in
            JSONFault(
                pointer: "/needs/\((found.int(row, "place") ?? 1) - 1)", code: "unknown_template",
                detail: "Name other templates of the same school")
        }
        guard faults.isEmpty else { throw Problem(faults) }
    }

    private static func write(
        _ text: AgreementText, _ deed: StaticString, _ school: ID<School>,
        _ id: ID<AgreementVersion>, _ template: ID<AgreementTemplate>, number: Int, version: Int,
        _ reach: Reach, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                deed, "agreement_version",
                """
                insert into agreement_version (
                    school_id, id, template_id, number, version, content, written_by_name)
                values (
                    \(school), \(id), \(template), \(number), \(version),
                    \(JSON.string(of: text))::jsonb, \(reach.caller.name))
                """))
    }

    private static func decide(
        _ act: String, _ deed: StaticString, of version: OpenedAgreementVersion,
        from day: SQL = "null", onPaperFrom paper: SQL = "null",
        because reason: Text<1000>? = nil, _ reach: Reach, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                deed, "agreement_version", version: "null",
                """
                insert into agreement_decision (
                    school_id, id, act, effective_on, paper_from_on, reason, decided_by_name)
                values (
                    \(version.school), \(version.id), \(act), \(day), \(paper), \(reason),
                    \(reach.caller.name))
                """))
    }
}

/// A version taken in hand, to be decided about.
private struct OpenedAgreementVersion {
    let id: ID<AgreementVersion>
    let school: ID<School>
    let template: ID<AgreementTemplate>
    let number: Int
    let version: Int
    let text: AgreementText
    let etag: String
    private let state: AgreementVersionState

    /// `nil` where the statement found none.
    init?(_ id: ID<AgreementVersion>, _ found: Answer) {
        guard let school = found.uuid(0, "school_id"),
            let template = found.uuid(0, "template_id"), let number = found.int(0, "number"),
            let version = found.int(0, "version"),
            let state = found.text(0, "state").flatMap(AgreementVersionState.init),
            let content = found.text(0, "content"), let etag = found.text(0, "etag"),
            let text = AgreementText(kept: content)
        else { return nil }
        (self.id, self.school, self.template) = (id, ID(school), ID(template))
        (self.number, self.version, self.text) = (number, version, text)
        (self.state, self.etag) = (state, etag)
    }

    /// Throws `conflict` where it stands elsewhere.
    func check(_ states: [AgreementVersionState], _ words: String) throws(Problem) {
        guard states.contains(state) else { throw Problem(.conflict, words) }
    }
}
