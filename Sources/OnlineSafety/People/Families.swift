import JSON
import OpenAPI
import Postgres

/// Who is whose parent or carer, and the classes of a school (ORG-14).
enum Families {
    static let routes: [Route] = [
        .get(
            "/v1/people/{person}/links", "List family links",
            """
            Of a child its parents and carers, of those their children, as they are and were; with \
            parental responsibility, and whether contact is barred.
            """,
            for: [.office, .dsl, .deputyDSL, .headteacher].admitted(.ownLinks), by(links)),
        .get(
            "/v1/classes", "List classes", "The classes of those who are pupils today.",
            for: [Role].employed.admitted(.ownClasses), by(classes)
        ).openTo(.peopleRead, .ownClasses),
    ]

    static func links(
        of person: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<FamilyLink> {
        let found = try await tx.run(
            """
            select link.id
            from (select person.school_id, person.id from person_listed as person) as link
            where link.id = \(person) and \(reach.sql(.ownLinks))
            """)
        guard !found.isEmpty else { throw Problem(.notFound) }
        return tx.listed(
            """
            select link.* from parent_link_shown as link
            where \(person) in (link.parent_id, link.child_id) and \(reach.sql(.ownLinks))
            order by link.until_on desc nulls first, link.from_on, link.id
            limit 1000
            """)
    }

    static func classes(
        _ filter: ClassFilter, within reach: Reach, in tx: Transaction
    ) -> Listed<SchoolClass> {
        tx.listed(
            """
            select class.* from class_shown as class
            where \(filter.sql) and \(reach.sql(.ownClasses))
            order by class.school_id, class.name
            limit 1000
            """)
    }
}

/// A parent or carer and a child of theirs.
struct FamilyLink: Resource {
    static let isTagged = false

    let id: ID<FamilyLink>
    let schoolID: ID<School>
    let parentID: ID<Person>
    let parent: String
    let childID: ID<Person>
    let child: String
    let relationship: String?
    let hasResponsibility: Bool
    let noContact: Bool
    let fromOn: Day
    let untilOn: Day?

    static let words = "A parent or carer and a child of theirs."
    static var example: FamilyLink {
        FamilyLink(
            id: .example, schoolID: .example, parentID: .example, parent: "Amira Ash",
            childID: .example, child: "Robin Ash", relationship: "Mother",
            hasResponsibility: true, noContact: false, fromOn: .example, untilOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, parent, child, relationship
        case schoolID = "school_id"
        case parentID = "parent_id"
        case childID = "child_id"
        case hasResponsibility = "has_responsibility"
        case noContact = "no_contact"
        case fromOn = "from_on"
        case untilOn = "until_on"

        var words: String {
            switch self {
            case .id: "The link."
            case .parent: "Who the parent or carer is."
            case .child: "Who the child is."
            case .relationship: "What they are to the child."
            case .schoolID: "The school."
            case .parentID: "The parent or carer."
            case .childID: "The child."
            case .hasResponsibility: "Whether they have parental responsibility."
            case .noContact: "Whether a court's order, or the school, bars contact."
            case .fromOn: "Since when it is told so."
            case .untilOn: "Until when it was; absent while it is."
            }
        }
    }
}

/// A class of a school, by its pupils.
struct SchoolClass: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let name: String
    let yearGroups: [Year]?
    let pupils: Int

    static let words = "A class of a school."
    static var example: SchoolClass {
        SchoolClass(schoolID: .example, name: "5B", yearGroups: [.five], pupils: 28)
    }

    enum CodingKeys: String, FieldWords {
        case name, pupils
        case schoolID = "school_id"
        case yearGroups = "year_groups"

        var words: String {
            switch self {
            case .name: "What the MIS calls it."
            case .pupils: "How many pupils are in it today."
            case .schoolID: "The school."
            case .yearGroups: "The year groups of its pupils."
            }
        }
    }
}

/// Which classes to list.
struct ClassFilter: Filter {
    let school: ID<School>?

    init(_ query: inout QueryReader) { school = query.id("school_id", of: School.self) }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil)
    ]

    var sql: SQL { "(\(school)::uuid is null or class.school_id = \(school))" }
}

extension Relation {
    static let ownLinks = Relation(
        "own school's families",
        "Parents, carers and children of the schools in which the post is held (ORG-14)."
    ) { _, schools in "link.school_id = any(\(schools))" }

    static let ownClasses = Relation(
        "own school's classes", "Classes of the schools in which the post is held (ORG-14)."
    ) { _, schools in "class.school_id = any(\(schools))" }
}
