import JSON
import Postgres

/// Whom a route admits: a role, with the relation in which it must stand to what is asked for.
struct Admission: Sendable, Hashable {
    let role: Role
    let relation: Relation
}

/// How a caller must stand to a record to be shown it. A relation is a value: it yields the SQL
/// that finds such records, its line in `Docs/Access.md`, and the switch by which a test opens the
/// second wall.
struct Relation: Sendable, Hashable {
    /// The name in `Docs/Access.md`.
    let name: String

    /// What it means, in one sentence, with the row or section that asks for it.
    let words: String

    private let predicate: @Sendable (Caller, [ID<School>]) -> SQL

    /// The predicate is given the caller and the schools in which the caller's role was admitted.
    init(
        _ name: String, _ words: String,
        where predicate: @escaping @Sendable (Caller, [ID<School>]) -> SQL
    ) {
        self.name = name
        self.words = words
        self.predicate = predicate
    }

    func sql(_ caller: Caller, _ schools: [ID<School>]) -> SQL {
        caller.opensSecondWall ? "true" : predicate(caller, schools)
    }

    static func == (one: Relation, other: Relation) -> Bool { one.name == other.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension [Admission] {
    /// Nobody who holds a post: machines' clients alone, by their scopes (`Route.openTo`).
    static let ofClientsAlone: [Admission] = []
}

extension [Role] {
    /// These roles, in one relation.
    func admitted(_ relation: Relation) -> [Admission] {
        map { Admission(role: $0, relation: relation) }
    }
}

/// As far as the caller may reach through this route: for each relation, the schools in which a
/// seat of theirs, or a scope, was admitted.
struct Reach: Argument {
    let caller: Caller
    private let schools: [(relation: Relation, ids: [ID<School>])]

    /// `nil` when no seat of the caller's is admitted.
    init?(of caller: Caller, through admissions: [Admission]) {
        var schools: [(relation: Relation, ids: [ID<School>])] = []
        for admission in admissions {
            for seat in caller.seats where seat.role == admission.role || caller.opensFirstWall {
                if let known = schools.firstIndex(where: { $0.relation == admission.relation }) {
                    guard !schools[known].ids.contains(seat.school) else { continue }
                    schools[known].ids.append(seat.school)
                } else {
                    schools.append((admission.relation, [seat.school]))
                }
            }
        }
        let needsNoSeat = admissions.contains { $0.relation == .self }
        guard needsNoSeat || !schools.isEmpty else { return nil }
        self.caller = caller
        self.schools = schools
    }

    /// As far as a client's scopes reach through a route; `nil` where it has none that opens it.
    init?(ofClient caller: Caller, through route: Route) {
        var schools: [(relation: Relation, ids: [ID<School>])] = []
        for (scope, ids) in caller.scopes ?? [:] {
            for opening in route.scopes where opening.scope == scope || caller.opensFirstWall {
                schools.append((opening.relation, ids))
            }
        }
        guard !schools.isEmpty else { return nil }
        self.caller = caller
        self.schools = schools
    }

    /// The schools in which the caller stands in a relation.
    func schools(_ relation: Relation) -> [ID<School>] {
        schools.first { $0.relation == relation }?.ids ?? []
    }

    /// Those in which they stand in one of two relations, each once: they may hold posts of both
    /// sorts in one school.
    func schools(_ one: Relation, or other: Relation) -> [ID<School>] {
        let first = schools(one)
        return first + schools(other).filter { !first.contains($0) }
    }

    /// The school that is named in a body, or the only one in which the caller stands so.
    func school(
        _ named: ID<School>?, _ relation: Relation, or other: Relation? = nil
    ) throws(Problem) -> ID<School> {
        let schools = schools(relation, or: other ?? relation)
        if let named, schools.contains(named) { return named }
        if named == nil, schools.count == 1 { return schools[0] }
        throw Problem([
            JSONFault(
                pointer: "/school_id", code: named == nil ? "required" : "unknown_school",
                detail: "Name one of the schools for which you write here")
        ])
    }

    /// The condition that a record must meet; nothing meets it where no seat was admitted.
    func sql(_ relation: Relation) -> SQL {
        let schools = schools(relation)
        return schools.isEmpty ? "false" : relation.sql(caller, schools)
    }

    /// The condition that it must meet in one of two relations.
    func sql(_ one: Relation, or other: Relation) -> SQL { "(\(sql(one)) or \(sql(other)))" }

    static func take(from call: inout Call) throws -> Reach { try call.reach }
}
