import Postgres

/// Reports by people who have no account, with a key that their school gives out (USR-13).
enum Intake {
    static let area = Area(
        name: "Intake",
        words: "Reports by people without an account, and the keys with which they report.",
        routes: [
            .post(
                "/v1/intake/incidents", "Report without an account",
                """
                By whoever has an intake key of the school: `Authorization: Bearer rwn_intake_…`. \
                It is routed as a report by staff is, and nothing comes back but a reference and \
                whom to ring. A wrong key and a revoked one are answered alike. Limited by key and \
                by address, and so are wrong keys, which use up nothing of a right one: 429 says \
                when to try again. Asking again with the same `Idempotency-Key` and the same body \
                does nothing twice; with another body it is another report: many share a key, and \
                none bounces because somebody chose the same name.
                """,
                for: [], by(report)
            ).byIntakeKey()
        ] + IntakeKeys.routes,
        vocabularies: [Vocabulary("reporter_kinds", ReporterKind.self)],
        deeds: ["intake_key_made", "intake_key_revoked"],
        settings: [.anonymousReports, .guestLogIn],
        holds: [.intake])

    static func report(
        _ told: IntakeReport, by caller: IntakeCaller, in tx: Transaction
    ) async throws -> Shown<IntakeReceipt> {
        let reference = Reference()
        let row = told.row(
            adding: """
                jsonb_build_object(
                    'id', \(ID<Report>())::uuid, 'incident_id', \(ID<Incident>())::uuid,
                    'reporter_kind', \(told.reporterKind ?? .other)::text,
                    'completed_on', london_today())
                """)
        let ahead = try await tx.run(
            "select * from file_intake_report(\(row), \(reference), \(told.urgency))")
        let warnings = (0..<ahead.count).map { row in
            SetAside(
                pointer: ahead.text(row, "pointer") ?? "", code: ahead.text(row, "code") ?? "",
                detail: ahead.text(row, "detail") ?? "", value: nil)
        }
        return Shown(
            .created,
            IntakeReceipt(reference: reference.string, warnings: told.warnings + warnings))
    }
}
