import JSON

/// Who used the guest log-in, and when (ACC-06).
enum GuestLogInUse: RegisterKind {
    static let register = SmallRegister(
        kind: "guest_log_in_use", address: "/v1/guest-log-in-uses/",
        words: """
            That somebody used the "guest" log-in, by name and date; never its password (ACC-06).
            """,
        time: .happened,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
            .dpo, .technician, .schoolAdministrator,
        ],
        writers: [.headteacher, .seniorLeader, .office, .technician, .schoolAdministrator],
        fields: [
            .line("name", "Who used it.", needed: true, as: "Priya Nair"),
            .person("guest", "The same, where they are on the roster."),
            .line("agency", "Who sent them.", as: "Supply Desk"),
            .line("device", "On which device.", as: "Laptop 14"),
            .line("for_what", "For what.", needed: true, as: "Supply teaching in Year 4"),
            .line("until", "Until when that day.", as: "15:30"),
        ])
}
