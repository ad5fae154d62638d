import JSON
import OpenAPI
import Postgres

/// Batches of a school's roster, as its MIS tells them (ORG-14, API-02).
enum Roster {
    static let area = Area(
        name: "Roster",
        words: "Batches of a school's roster, as its MIS tells them, keyed by its own ids.",
        routes: [
            .post(
                "/v1/schools/{school}/roster-batches", "Apply a roster batch",
                """
                By the office, the administrator, the headteacher, or a machine that may write \
                the roster. Persons are known by `external_id`; sending the same again changes \
                nothing. What the school itself keeps (accounts, posts, incidents, markers, \
                registers) is never touched, nor is anybody without an `external_id`. Leavers \
                lose posts and sessions after their last day; whoever is needed for reports \
                stays, and a warning says so. One faulty row refuses the batch, with all that is \
                wrong with any (422); with `partial` the good rows are applied (207). A full \
                batch, or one whose rows say so, that would mark more of a group as left, or as \
                leaving within a fortnight, than were expected to, plus 10 % of it or two persons, \
                is held (409 `mass_leave_blocked`) \
                until `confirm_leavers` repeats the number; the answer names a hundred of those \
                who would leave, by their ids. So is one that would end more than a tenth of the \
                links of parents and children who stay, and more than two, until \
                `confirm_links_ended` repeats their number. A pupil whom the school entered by \
                hand is taken over by a new row of the same UPN, with a warning; who only has \
                the same name and day of birth is added, with another. \
                Files are read as they come, one of a \
                school at a time; they take no `Idempotency-Key`. A table names its columns in \
                the first line, as an MIS does (`Forename`, `Legal surname`, `Reg`, `NC Year`, \
                `DOB`: all that are known stand with the body; days as 2016-03-09 or \
                09/03/2016). A table of contacts has a line for each parent and child (`Contact \
                ID`, `Pupil ID` or `Pupil UPN`, `Relationship`, `Parental responsibility`, \
                `Court order`).
                """,
                for: keepers.admitted(.ownRoster), by(apply)
            ).openTo(.rosterWrite, .ownRoster)
                .takingBodies(upTo: 2 << 20).takingFiles(upTo: 64 << 20),
            .get(
                "/v1/schools/{school}/roster-batches", "List roster batches",
                "What was applied: the latest hundred, newest first.",
                for: keepers.admitted(.ownBatches), by(list)
            ).openTo(.rosterWrite, .ownBatches),
            .get(
                "/v1/schools/{school}/roster-batches/{batch}", "Read a roster batch",
                "What it did, and what was wrong with its rows.",
                for: keepers.admitted(.ownBatches), by(read)
            ).openTo(.rosterWrite, .ownBatches),
        ],
        conflicts: [
            "person_has_one_external_id": "Somebody else was given one of its external ids.",
            "person_leaves_after_joining": "Somebody would leave before they join.",
        ],
        faults: RosterBatch.Issue.words.merging(ofFiles) { row, _ in row },
        vocabularies: [
            Vocabulary("roster_modes", RosterBatch.Mode.self),
            Vocabulary("roster_forms", RosterBatch.Form.self),
            Vocabulary("roster_severities", RosterFault.Severity.self),
            Vocabulary("roster_outcomes", RosterBatch.Outcome.self),
        ],
        deeds: ["roster_applied"],
        unlikeTheirEntries: ["select school_id, id from roster_unlike_its_entry"],
        holds: [.roster])

    /// What is wrong with a file as a whole.
    private static let ofFiles = [
        "empty_file": "There is nothing in the file",
        "line_too_long": "A line is longer than it may be",
        "mass_leave_blocked": "More would leave than were expected to",
        "would_leave": "They would be marked as left",
        "text_behind_quote": "Something follows a closing quote",
        "too_many_columns": "It has more columns than it may have",
        "too_many_rows": "It has more rows than it may have",
        "unterminated_quote": "A quote is not closed: the file is not whole",
        "wrong_encoding": "It is no text in its encoding",
    ]

    static let keepers: [Role] = [.headteacher, .office, .schoolAdministrator]

    static func apply(
        to school: ID<School>, _ sent: RosterSent, _ wish: RosterWish, within reach: Reach,
        in tx: Transaction
    ) async throws -> RosterAnswer {
        guard reach.schools(.ownRoster).contains(school) || reach.caller.opensSecondWall else {
            throw Problem(.notFound)
        }
        var pile = RosterPile(school: school)
        try await sent.putAside(into: &pile, kind: wish.kind, in: tx)
        let found = try await sent.apply(
            pile,
            """
            select apply_roster(
                \(school), \(pile.batch), \(wish.json(sent.form, pile))::jsonb,
                \(reach.caller.name),
                \(pile.known.batch)::uuid, \(pile.known.seen)::integer[]) as told
            """, in: tx)
        return try RosterAnswer(found, of: sent.form)
    }

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<RosterBatch> {
        tx.listed(
            """
            select batch.id, batch.school_id, batch.outcome, batch.mode, batch.form,
                batch.is_partial, batch.as_of, batch.rows, batch.added, batch.changed,
                batch.unchanged, batch.leavers, batch.returned, batch.missing, batch.expected,
                batch.links_added, batch.links_changed, batch.links_ended, batch.refused,
                batch.warned, batch.applied_by, batch.is_by_client, batch.applied_at
            from roster_batch_shown as batch
            where batch.school_id = \(school) and \(reach.sql(.ownBatches))
            order by batch.applied_at desc, batch.id desc
            limit 100
            """)
    }

    static func read(
        of school: ID<School>, _ id: ID<RosterBatch>, within reach: Reach, in tx: Transaction
    ) -> Stored<RosterBatch> {
        tx.stored(
            """
            select batch.* from roster_batch_shown as batch
            where batch.school_id = \(school) and batch.id = \(id) and \(reach.sql(.ownBatches))
            """)
    }
}

extension Relation {
    static let ownBatches = Relation(
        "own school's batches", "Batches of the rosters that the caller keeps (API-02)."
    ) { _, schools in "batch.school_id = any(\(schools))" }
}
