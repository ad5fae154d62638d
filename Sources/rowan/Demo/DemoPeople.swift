import FoundationEssentials

/// Somebody who can log in to the demonstration. All of them are made up.
struct DemoPerson {
    let given: String
    let family: String
    let kind: String
    let roles: [String]
    let domain: String
    var telephone: String?

    /// One for all: it is a demonstration, on the loopback address, with made-up people.
    static let password = "hedgerow-in-november"

    var name: String { "\(given) \(family)" }
    var email: String { "\(given).\(family)@\(domain)".lowercased() }
}

/// A pupil of the demonstration.
struct DemoPupil {
    let given: String
    let family: String
    let year: String

    /// The given name of their parent.
    let parent: String
}

enum DemoTrust {
    static let id = UUID()
    static let name = "Hedgerow Learning Trust"
    static let people = [
        person("Nadia", "Farouk", "trust_viewer"), person("Edwin", "Clarke", "trust_administrator"),
    ]

    private static func person(_ given: String, _ family: String, _ role: String) -> DemoPerson {
        DemoPerson(
            given: given, family: family, kind: "visitor", roles: [role],
            domain: "hedgerow.example")
    }
}

/// One of the three schools. In Hawthorn the headteacher is the DSL as well, as in three of the
/// five policies.
struct DemoSchool {
    let id = UUID()
    let name: String
    let urn: String
    let people: [DemoPerson]
    let pupils: [DemoPupil]

    /// With which anybody may report at Rosehip: made up as the school is.
    static let intakeKey = "rwn_intake_demonstration_of_rosehip"

    static let all = [rosehip, hawthorn, bramble]

    private static let hawthorn = DemoSchool(
        "Hawthorn Infant School", "900001", "hawthorn.example",
        [
            ("Grace", "Okafor", "teacher", ["headteacher", "dsl"]),
            ("Tom", "Whitfield", "teacher", ["deputy_dsl"]),
            ("Amina", "Yusuf", "teacher", ["staff"]),
            ("Helen", "Marsh", "teacher", ["online_safety_coordinator"]),
            ("Peter", "Lindqvist", "governor", ["governor"]),
            ("Ruth", "Abara", "governor", ["chair_of_governors"]),
            ("Callum", "Reid", "support_staff", ["technician"]),
        ],
        pupils: [
            "Robin Ash 2 Ines", "Mina Patel 1 Arun", "Otis Brown 2 Judith", "Freya Lane R Col",
        ])

    private static let rosehip = DemoSchool(
        "Rosehip Primary School", "900002", "rosehip.example",
        [
            ("Daniel", "Mensah", "teacher", ["headteacher"]),
            ("Sian", "Pritchard", "teacher", ["dsl"]),
            ("Joanna", "Kowalska", "teacher", ["deputy_dsl"]),
            ("Ben", "Carver", "teacher", ["staff"]),
            ("Leila", "Haddad", "teacher", ["online_safety_coordinator"]),
            ("Martin", "Doyle", "governor", ["governor"]),
            ("Patience", "Osei", "governor", ["chair_of_governors"]),
            ("Yusra", "Khan", "support_staff", ["technician"]),
            ("Alice", "Brandt", "teacher", ["senior_leader"]),
            ("Moira", "Quinn", "support_staff", ["office", "school_administrator"]),
            ("Gethin", "Pryce", "visitor", ["dpo"]),
            ("Farida", "Rahman", "governor", ["link_governor"]),
        ],
        pupils: [
            "Ella Stone 6 Marta", "Jude Fisher 5 Liam", "Aisha Noor 4 Samira", "Max Field 6 Dawn",
        ])

    private static let bramble = DemoSchool(
        "Bramble Lane Combined School", "900003", "bramble.example",
        [
            ("Rebecca", "Thorne", "teacher", ["headteacher"]),
            ("Imran", "Sheikh", "teacher", ["dsl", "online_safety_coordinator"]),
            ("Lucy", "Hartley", "teacher", ["deputy_dsl"]),
            ("Owen", "Bevan", "support_staff", ["staff"]),
            ("Carol", "Nightingale", "governor", ["governor"]),
            ("Samuel", "Adeyemi", "governor", ["chair_of_governors"]),
            ("Zoe", "Petrov", "support_staff", ["technician"]),
        ],
        pupils: [
            "Nia Wood 3 Bethan", "Leo Marsh 6 Hugh", "Ivy Cole 5 Paula", "Sol Grant 1 Erin",
        ])

    private init(
        _ name: String, _ urn: String, _ domain: String,
        _ people: [(given: String, family: String, kind: String, roles: [String])],
        pupils: [String]
    ) {
        self.name = name
        self.urn = urn
        self.people = people.enumerated().map { index, person in
            DemoPerson(
                given: person.given, family: person.family, kind: person.kind,
                roles: person.roles, domain: domain,
                telephone: "01632 96\(urn.suffix(1))\(String(100 + index))")
        }
        self.pupils = pupils.map { line in
            let words = line.split(separator: " ").map(String.init)
            return DemoPupil(given: words[0], family: words[1], year: words[2], parent: words[3])
        }
    }
}
