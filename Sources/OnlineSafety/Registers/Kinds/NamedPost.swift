import JSON

/// Post-holders whom a policy names, and to whose post nothing in the register is open (ORG-04):
/// who holds one of the posts that open something is an appointment (`Posts`).
enum NamedPost: RegisterKind {
    static let register = SmallRegister(
        kind: "named_post", address: "/v1/named-posts/",
        words: """
            Somebody who holds a post that the policy names, and that opens nothing here, such as \
            the SENCO (ORG-04). The others are appointed: see `/v1/posts`.
            """,
        time: .inForce, readers: .ofASchool,
        writers: [.headteacher, .office, .schoolAdministrator],
        fields: [
            .word("kind", NamedPostKind.self, "The post.", needed: true),
            .line("title", "What the school calls it.", as: "SENCO and assistant headteacher"),
            .person("person", "Who holds it.", needed: true),
        ])
}

/// A post that a policy names.
enum NamedPostKind: String, Words {
    case executiveHeadteacher = "executive_headteacher"
    case businessManager = "business_manager"
    case computingLead = "computing_lead"
    case senco
    case designatedTeacher = "designated_teacher"
    case networkManager = "network_manager"
    case other

    var label: String {
        switch self {
        case .executiveHeadteacher: "Executive headteacher"
        case .businessManager: "School business manager"
        case .computingLead: "Computing lead"
        case .senco: "Special educational needs coordinator (SENCO)"
        case .designatedTeacher: "Designated teacher for children in care"
        case .networkManager: "Network manager"
        case .other: "Another post"
        }
    }
}
