import FoundationEssentials
import OnlineSafety
import Postgres

/// One of the demonstration's agreements, put to some kinds of people in each school. Of those
/// before whom it was put every third has not signed.
struct DemoAgreement {
    let id = UUID()
    let version = UUID()
    let campaign = UUID()
    let title: String
    let kinds: [String]
    let signers: String
    let opens: [String]
    let clauses: [String]

    /// How long ago it was put before them, and how long ago it was due: before now, or to come.
    let issuedDaysAgo: Int
    let dueDaysAgo: Int

    /// One for each audience; made anew for each school.
    static var all: [DemoAgreement] {
        [
            DemoAgreement(
                title: "Acceptable use by staff", kinds: ["teacher", "support_staff"],
                signers: "oneself", opens: ["device", "email"],
                clauses: [
                    "I use my own log-in and lend it to nobody.",
                    "I photograph pupils with the school's cameras only.",
                    "I report a concern on the day on which I have it.",
                ], issuedDaysAgo: 40, dueDaysAgo: 12),
            DemoAgreement(
                title: "Our rules for being online", kinds: ["pupil"], signers: "parent",
                opens: ["device"],
                clauses: [
                    "I am kind to others online, as I am in class.",
                    "I keep my passwords to myself.",
                    "I tell a grown-up when something worries me.",
                ], issuedDaysAgo: 20, dueDaysAgo: 3),
            DemoAgreement(
                title: "Governors and online safety", kinds: ["governor"], signers: "oneself",
                opens: [],
                clauses: [
                    "I keep what I learn of pupils to the meetings of governors.",
                    "I use my school address for the school's matters.",
                ], issuedDaysAgo: 30, dueDaysAgo: -14),
            DemoAgreement(
                title: "Visitors and devices", kinds: ["visitor"], signers: "oneself", opens: [],
                clauses: ["My own devices stay out of sight while pupils are present."],
                issuedDaysAgo: 9, dueDaysAgo: -5),
        ]
    }

    private struct Text: Encodable {
        let title: String
        let form = "signature"
        let signers: String
        let headings: [Heading]
        let opens: [String]

        struct Heading: Encodable {
            let code = "rules"
            let words = "What we agree"
            let clauses: [Clause]
        }

        struct Clause: Encodable {
            let code: String
            let words: String
        }
    }

    /// What the version says, as it is kept.
    func content() throws -> String {
        let clauses = clauses.enumerated().map { place, words in
            Text.Clause(code: "rules.\(place + 1)", words: words)
        }
        let text = Text(
            title: title, signers: signers, headings: [Text.Heading(clauses: clauses)],
            opens: opens)
        return String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }

    /// What is put before people: the words of the version, as `agreement_words` writes them.
    var words: String {
        let rules = clauses.enumerated().map { "\($0 + 1). \($1)" }
        return "\(title)\n\nWhat we agree\n\(rules.joined(separator: "\n"))"
    }
}

extension Demo {
    /// Puts an agreement before all whom it is for, by a campaign; most have signed.
    func load(_ agreement: DemoAgreement, in school: DemoSchool, by author: String) throws {
        try publish(agreement, in: school, by: author)
        let (id, days) = (school.id, agreement.issuedDaysAgo)
        let due: SQL = "london_today() - \(agreement.dueDaysAgo)::integer"
        try keep(
            "agreement_campaign_run", "agreement_campaign",
            """
            insert into agreement_campaign (
                school_id, id, template_id, version_id, name, due_on, made_by_name)
            values (
                \(id), \(agreement.campaign), \(agreement.id), \(agreement.version),
                \("\(agreement.title), autumn term"), \(due), \(author))
            """)
        _ = try connection.run(
            """
            insert into agreement_copy (school_id, hash, words)
            values (\(id), sha256(convert_to(\(agreement.words), 'UTF8')), \(agreement.words))
            """)
        try keep(
            "agreement_issued", "agreement",
            """
            insert into agreement (
                school_id, id, person_id, template_id, version_id, place, copy_hash, issued_on,
                due_on, issued_by_name, campaign_id)
            select person.school_id, gen_random_uuid(), person.id, \(agreement.id),
                \(agreement.version), 1, sha256(convert_to(\(agreement.words), 'UTF8')),
                london_today() - \(days)::integer, \(due), \(author), \(agreement.campaign)
            from person
            where person.school_id = \(id) and person.kind = any (\(agreement.kinds)::text[])
            """)
        try sign(agreement, in: school, by: author)
    }

    private func publish(
        _ agreement: DemoAgreement, in school: DemoSchool, by author: String
    ) throws {
        let (id, from): (UUID, SQL) = (school.id, "london_today() - 60")
        try keep(
            "agreement_template_made", "agreement_template",
            """
            insert into agreement_template (school_id, id, name, made_by_name)
            values (\(id), \(agreement.id), \(agreement.title), \(author))
            """)
        try keep(
            "agreement_audience_set", "agreement_audience",
            """
            insert into agreement_audience (school_id, id, version, from_on, entries, set_by_name)
            select \(id), \(agreement.id), 1, \(from),
                jsonb_agg(jsonb_build_object('kind', kind)), \(author)
            from unnest(\(agreement.kinds)::text[]) as kind
            """)
        try keep(
            "agreement_drafted", "agreement_version",
            """
            insert into agreement_version (
                school_id, id, template_id, number, version, content, written_by_name)
            values (
                \(id), \(agreement.version), \(agreement.id), 1, 1,
                \(try agreement.content())::jsonb, \(author))
            """)
        for act in ["approved", "published"] {
            try keep(
                "agreement_\(act)", "agreement_version",
                """
                insert into agreement_decision (
                    school_id, id, act, effective_on, decided_by_name)
                values (
                    \(id), \(agreement.version), \(act),
                    case when \(act)::text = 'published' then \(from) end, \(author))
                """)
        }
    }

    /// Forms that came back: of a pupil's agreement the parent's.
    private func sign(
        _ agreement: DemoAgreement, in school: DemoSchool, by author: String
    ) throws {
        try keep(
            "agreement_signed", "agreement_signature",
            """
            insert into agreement_signature (
                school_id, id, agreement_id, part, signer_id, full_name, signed_on, how, kept_at,
                entered_by_name)
            select issued.school_id, gen_random_uuid(), issued.id, \(agreement.signers), signer.id,
                signer.given_name || ' ' || signer.family_name, issued.issued_on + 4, 'paper',
                'School office, green folder', \(author)
            from (
                select agreement.*, row_number() over (order by agreement.person_id) as turn
                from agreement
                where agreement.school_id = \(school.id)
                    and agreement.version_id = \(agreement.version)
            ) as issued
            left join parent_link as parent
                on parent.school_id = issued.school_id and parent.child_id = issued.person_id
            join person as signer
                on signer.school_id = issued.school_id
                and signer.id = coalesce(parent.parent_id, issued.person_id)
            where issued.turn % 3 <> 0
            """)
    }

    /// Keeps rows, each with its entry in the audit.
    func keep(
        _ deed: String, _ kind: String, version: SQL = "null::integer", _ insert: SQL
    ) throws {
        _ = try connection.run(
            """
            with written as (\(insert) returning *)
            insert into event (
                organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
            select written.school_id, 'changes', \(deed), \(kind), array[written.id],
                \(version), '',
                digest_of(written.salt, to_jsonb(written) - 'salt')
            from written
            """)
    }
}
