/// Who is told of what: posts, not persons. Only those to whom such a report can be open, and the
/// office, which is told that there is such a thing and opens no record.
extension Setting {
    static let recipients = [
        Setting(
            "incident_recipients", "First recipients of an incident",
            """
            Which posts are told first of what concerns a child; a child at risk reaches all DSLs \
            besides (S-04).
            """,
            .posts([.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator, .seniorLeader]),
            usual: ["dsl", "deputy_dsl", "online_safety_coordinator"], stronger: .allOf),
        Setting(
            "communication_recipients", "Recipients of offensive communications",
            """
            Which posts are told besides of an offensive or suspect communication (INC-09): by \
            source 004 the headteacher and the office, by source 001 the coordinator.
            """,
            .posts([
                .dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator, .seniorLeader, .office,
            ]),
            usual: ["headteacher", "online_safety_coordinator", "office"], stronger: .allOf),
        Setting(
            "staff_concern_recipients", "Recipients of a concern about staff",
            """
            Which posts are told of what concerns a member of staff (S-06). What concerns the \
            headteacher goes to the chair of governors, in every school.
            """,
            .posts([.headteacher, .dsl, .deputyDSL]), usual: ["headteacher"], stronger: .allOf),
    ]
}
