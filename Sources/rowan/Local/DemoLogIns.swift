import FoundationEssentials

/// Who can log in to the demonstration, as `rowan demo` has written it down.
struct DemoLogIns: Decodable {
    static let path = ".rowan/demo.json"

    /// One post of one person.
    struct Post: Decodable {
        let school: String
        let role: String
        let name: String
        let email: String
        let password: String
    }

    /// With which people report who have no account.
    struct Key: Decodable {
        let school: String
        let key: String
    }

    let people: [Post]
    let intake: Key?

    static func read() -> DemoLogIns? {
        Files.read(path).flatMap { try? JSONDecoder().decode(DemoLogIns.self, from: Data($0.utf8)) }
    }

    /// One row for each person, with all the posts.
    var rows: [[String]] {
        var seen: Set<String> = []
        return people.filter { seen.insert($0.email).inserted }.map { person in
            let roles = people.filter { $0.email == person.email }.map(\.role)
            return [
                person.school, roles.joined(separator: ", "), person.name, person.email,
                person.password,
            ]
        }
    }

    /// Somebody who is staff and nothing else, and the DSL of the same school.
    var reporterAndLead: (Post, Post)? {
        for post in people where post.role == "staff" {
            let lead = people.first { $0.role == "dsl" && $0.school == post.school }
            let isStaffOnly = !people.contains { $0.email == post.email && $0.role != "staff" }
            if let lead, isStaffOnly { return (post, lead) }
        }
        return nil
    }
}
