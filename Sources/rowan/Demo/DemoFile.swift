import FoundationEssentials
import Glibc

/// What `rowan demo` is told on the command line.
struct DemoOptions {
    var baseURL = "http://127.0.0.1:8080"
    var adminURL = "http://127.0.0.1:8081"
    var databaseURL: String?
    var maintenanceURL: String?
    var output: String?

    init(_ arguments: [String]) throws {
        guard arguments.count.isMultiple(of: 2) else { throw Misconfiguration(Self.usage) }
        for index in stride(from: 0, to: arguments.count, by: 2) {
            let value = arguments[index + 1]
            switch arguments[index] {
            case "--base-url": baseURL = value
            case "--admin-url": adminURL = value
            case "--database-url": databaseURL = value
            case "--maintenance-url": maintenanceURL = value
            case "--output": output = value
            default: throw Misconfiguration(Self.usage)
            }
        }
    }

    private static let usage =
        "demo [--base-url U] [--admin-url U] [--database-url U] [--maintenance-url U] "
        + "[--output FILE]"
}

extension Demo {
    /// What scripts and front-end developers start from: addresses, and who can log in.
    private struct Sheet: Encodable {
        let base_url: String
        let admin_url: String
        let database_url: String?
        let maintenance_database_url: String?
        let people: [Entry]
        let intake: Key
    }

    private struct Key: Encodable {
        let school: String
        let key: String
    }

    private struct Entry: Encodable {
        let school: String
        let role: String
        let name: String
        let email: String
        let password: String
    }

    func write(to path: String) throws {
        let people = DemoSchool.all.flatMap { school in
            school.people.flatMap { person in
                person.roles.map { entry(person, as: $0, in: school.name) }
            }
        }
        let sheet = Sheet(
            base_url: options.baseURL, admin_url: options.adminURL,
            database_url: options.databaseURL,
            maintenance_database_url: options.maintenanceURL,
            people: people
                + DemoTrust.people.map { entry($0, as: $0.roles[0], in: DemoTrust.name) },
            intake: Key(school: DemoSchool.all[0].name, key: DemoSchool.intakeKey))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(sheet).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
    }

    private func entry(_ person: DemoPerson, as role: String, in school: String) -> Entry {
        Entry(
            school: school, role: role, name: person.name, email: person.email,
            password: DemoPerson.password)
    }
}
