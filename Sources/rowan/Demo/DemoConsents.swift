import FoundationEssentials
import OnlineSafety
import Postgres

/// What a pupil's parent has said, on a form that came back.
struct DemoConsent: Encodable {
    let id = UUID()
    let person_id: UUID
    let given_by_id: UUID
    let answers: [Answer]
    let given_on: String
    let how = "paper"
    let kept_at = "School office, blue folder"

    struct Answer: Encodable {
        let purpose: String
        let answer: String
    }

    /// What every school asks that has set nothing.
    static let purposes = [
        "images", "school_website", "school_literature", "press", "learning_platform",
        "social_media", "outside_network",
    ]

    /// What the parents say, one after the other, from days ago to today: yes to all; yes, but for
    /// the press; yes, and the website no more; and of the fourth nothing has come back.
    static let said: [[(daysAgo: Int, answers: [Answer])]] = [
        [(30, all(but: []))],
        [(28, all(but: ["press"]))],
        [(25, all(but: [])), (0, [Answer(purpose: "school_website", answer: "withdraw")])],
        [],
    ]

    private static func all(but refused: [String]) -> [Answer] {
        purposes.map {
            Answer(purpose: $0, answer: refused.contains($0) ? "refuse" : "consent")
        }
    }
}

extension Demo {
    /// A parent of a pupil, with an address to which a link can go.
    func loadParent(of child: UUID, _ pupil: DemoPupil, in school: DemoSchool) throws {
        let parent = UUID()
        let email = "\(pupil.parent).\(pupil.family)@home.example".lowercased()
        _ = try connection.run(
            """
            insert into person (school_id, id, kind, given_name, family_name, email)
            values (
                \(school.id), \(parent), 'parent', \(pupil.parent), \(pupil.family), \(email))
            """)
        _ = try connection.run(
            """
            insert into parent_link (
                school_id, id, parent_id, child_id, relationship, has_responsibility, from_on)
            values (
                \(school.id), \(UUID()), \(parent), \(child), 'parent', true,
                london_today() - 400)
            """)
    }

    /// What the parents of a school's pupils have said, by the same function as the service.
    func loadConsents(in school: DemoSchool, by author: String) throws {
        let found = try connection.run(
            """
            select parent_link.child_id, parent_link.parent_id
            from parent_link
            join person on person.school_id = parent_link.school_id
                and person.id = parent_link.child_id
            where parent_link.school_id = \(school.id)
            order by person.family_name
            """)
        for row in 0..<found.count {
            guard let child = found.uuid(row, "child_id"),
                let parent = found.uuid(row, "parent_id")
            else { continue }
            for (daysAgo, answers) in DemoConsent.said[row % DemoConsent.said.count] {
                let day = try connection.run(
                    "select (london_today() - \(daysAgo)::integer)::text as day")
                let form = DemoConsent(
                    person_id: child, given_by_id: parent, answers: answers,
                    given_on: day.text(0, "day") ?? "")
                let forms = String(decoding: try JSONEncoder().encode([form]), as: UTF8.self)
                _ = try connection.run(
                    "select * from record_consents(\(school.id), \(forms)::jsonb, \(author))")
            }
        }
    }
}
