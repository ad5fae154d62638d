import FoundationEssentials

/// What `rowan demo` has written: who can log in, and with what.
struct DemoFile: Decodable {
    static let path = ".rowan/demo.json"

    struct Person: Decodable {
        let school: String
        let role: String
        let name: String
        let email: String
        let password: String
    }

    let people: [Person]

    static func read() -> DemoFile? {
        Files.read(path).flatMap { try? JSONDecoder().decode(DemoFile.self, from: Data($0.utf8)) }
    }

    func first(_ role: String) -> Person? { people.first { $0.role == role } }
}
