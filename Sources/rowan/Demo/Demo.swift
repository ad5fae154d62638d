import Crypto
import FoundationEssentials
import OnlineSafety
import Postgres

/// Loads the demonstration into an empty database: one trust, three schools, fictional people in
/// every role, a term of incidents, agreements, what parents have said, inductions, training,
/// devices, policies, reviews and what governors were told. Where there is anything already it only
/// writes the file that says who can log in.
struct Demo {
    let connection: DirectConnection
    let options: DemoOptions

    init(_ environment: Environment, _ arguments: [String]) throws {
        options = try DemoOptions(arguments)
        connection = try DirectConnection(environment.safeDatabaseURL("ROWAN_OWNER_DATABASE_URL"))
        _ = try connection.run("set role rowan_maintenance")
    }

    func run() throws {
        if let output = options.output { try write(to: output) }
        let found = try connection.run("select count(*) as schools from school")
        guard found.int(0, "schools") == 0 else { return print("There is data already") }
        _ = try connection.run("begin")
        _ = try connection.run(
            "insert into trust (id, name) values (\(DemoTrust.id), \(DemoTrust.name))")
        let hashes = hashes()
        for school in DemoSchool.all {
            try load(school)
            for person in school.people { try load(person, in: school, hashes) }
            for pupil in school.pupils { try load(pupil, in: school) }
            _ = try become("staff", of: school)
            for told in DemoIncident.term { try load(told, in: school) }
            let keeper = try become("deputy_dsl", of: school)
            for agreement in DemoAgreement.all {
                try load(agreement, in: school, by: keeper)
            }
            try loadConsents(in: school, by: keeper)
            try loadInductions(in: school, by: keeper)
            try loadTraining(in: school)
            try loadEntries(in: school)
            try loadDevices(in: school)
            try loadPolicies(in: school)
            try loadReviews(in: school)
            try loadGovernorReport(in: school)
        }
        for person in DemoTrust.people { try loadTrust(person, hashes) }
        try loadIntakeKey()
        _ = try connection.run("commit")
        print("Loaded \(DemoSchool.all.count) schools")
    }

    private func load(_ school: DemoSchool) throws {
        _ = try connection.run(
            """
            insert into school (id, name, urn)
            values (\(school.id), \(school.name), \(school.urn))
            """)
        _ = try connection.run(
            """
            insert into membership (school_id, trust_id, from_on)
            values (\(school.id), \(DemoTrust.id), london_today() - 400)
            """)
    }

    /// An account, a person and a seat for each post that they hold.
    private func load(
        _ person: DemoPerson, in school: DemoSchool, _ hashes: [String: String]
    ) throws {
        let (account, entry) = (UUID(), UUID())
        _ = try connection.run(
            """
            insert into account (id, name, email, password_hash)
            values (\(account), \(person.name), \(person.email), \(hashes[person.email]))
            """)
        _ = try connection.run(
            """
            insert into person (school_id, id, kind, given_name, family_name, account_id)
            values (
                \(school.id), \(entry), \(person.kind), \(person.given), \(person.family),
                \(account))
            """)
        for role in person.roles {
            _ = try connection.run(
                """
                insert into seat (school_id, id, account_id, person_id, role, telephone, from_on)
                values (
                    \(school.id), \(UUID()), \(account), \(entry), \(role), \(person.telephone),
                    london_today() - 400)
                """)
        }
    }

    private func load(_ pupil: DemoPupil, in school: DemoSchool) throws {
        let child = UUID()
        _ = try connection.run(
            """
            insert into person (school_id, id, kind, given_name, family_name, year_group)
            values (
                \(school.id), \(child), 'pupil', \(pupil.given), \(pupil.family), \(pupil.year))
            """)
        try loadParent(of: child, pupil, in: school)
    }

    /// Takes on a post of a school, as whose holder what follows is done; answers the name.
    func become(_ role: String, of school: DemoSchool) throws -> String {
        let found = try connection.run(
            """
            select who, set_config('rowan.account', _account_id::text, true),
                set_config(
                    'rowan.seats',
                    jsonb_build_object(school_id, jsonb_build_array(role))::text, true)
            from post where school_id = \(school.id) and role = \(role) order by who limit 1
            """)
        return found.text(0, "who") ?? ""
    }

    /// Whoever holds a post of a school; as `pupil`, the first of the roll.
    func person(_ role: String, of school: DemoSchool) throws -> UUID {
        let found = try connection.run(
            """
            select person.id from person
            left join seat on seat.school_id = person.school_id and seat.person_id = person.id
            where person.school_id = \(school.id)
                and (seat.role = \(role) or \(role)::text = 'pupil' and person.kind = 'pupil')
            order by person.family_name, person.id limit 1
            """)
        guard let person = found.uuid(0, "id") else { throw Unpeopled(role: role) }
        return person
    }

    /// Nobody of a school of the demonstration holds a post that it needs.
    struct Unpeopled: Error { let role: String }

    private func loadTrust(_ person: DemoPerson, _ hashes: [String: String]) throws {
        let account = UUID()
        _ = try connection.run(
            """
            insert into account (id, name, email, password_hash)
            values (\(account), \(person.name), \(person.email), \(hashes[person.email]))
            """)
        _ = try connection.run(
            """
            insert into trust_seat (trust_id, id, account_id, role, from_on)
            values (
                \(DemoTrust.id), \(UUID()), \(account), \(person.roles[0]), london_today() - 400)
            """)
    }

    private func loadIntakeKey() throws {
        _ = try connection.run(
            """
            insert into intake_key (school_id, id, label, secret_hash, made_by)
            select school_id, \(UUID()), 'Form on the web site',
                \(SHA256.hash(DemoSchool.intakeKey).bytes), _account_id
            from post where school_id = \(DemoSchool.all[0].id) and role = 'headteacher'
            """)
    }

    /// One password for all of the demonstration, and so one hash that all may share.
    private func hashes() -> [String: String] {
        let people = DemoSchool.all.flatMap(\.people) + DemoTrust.people
        let hash = Scrypt.hash(password: DemoPerson.password)
        return Dictionary(uniqueKeysWithValues: people.map { ($0.email, hash) })
    }
}
