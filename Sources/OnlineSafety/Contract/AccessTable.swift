/// Who may do what: `Docs/Access.md`, made from the routes and reviewed as a diff.
package enum AccessTable {
    package static var document: String {
        let roles = Role.allCases.map { "| `\($0.rawValue)` | \($0.label) |" }
        let sections = areas.map { area in
            """
            ## \(area.name)

            | Operation | Roles | In relation | Scopes |
            |---|---|---|---|
            \(area.routes.flatMap(lines).joined(separator: "\n"))
            """
        }
        return """
            # Who may do what

            Made from the routes by `Scripts/openapi`, and locked by a test that calls every \
            operation as every role, at the wrong school, and without a credential. A role that \
            is not named is refused with 403; a record outside the relation is 404, as if it were \
            not there; without a live credential the answer is 401. Nobody sees a record of which \
            they are the subject.

            \(sections.joined(separator: "\n\n"))

            ## Moves of an incident

            Whoever reads a record writes in it. What becomes of it is for the posts in charge of \
            its kind: of a child the coordinator, the DSL, their deputies and the headteacher, at \
            risk the DSLs; of staff the headteacher; of the headteacher the chair; otherwise as \
            `posts_in_charge` says in the database, and whoever stands in for them. Any other \
            move is 409, with every reason.

            | Act | While it stands | Then it stands | By |
            |---|---|---|---|
            \(Move.all.map(line).joined(separator: "\n"))

            ## Scopes

            A machine's client has scopes, each in the schools that it reads, and no post: what no \
            scope of its token opens is 403 to it, and a record of another school 404.

            | Scope | What it opens | May be a trust's |
            |---|---|---|
            \(Scope.allCases.map(line).joined(separator: "\n"))

            ## Relations

            | Relation | What it means |
            |---|---|
            \(relations.map { "| \($0.name) | \($0.words) |" }.joined(separator: "\n"))

            ## Roles

            | Role | Post |
            |---|---|
            \(roles.joined(separator: "\n"))

            """
    }

    private static func line(_ scope: Scope) -> String {
        "| `\(scope.rawValue)` | \(scope.label) | \(scope.isForTrusts ? "yes" : "no") |"
    }

    private static func line(_ move: Move) -> String {
        let from = move.from.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        let to = move.to.map { "`\($0.rawValue)`" } ?? "as before"
        return "| \(move.act.label) (`\(move.act.rawValue)`) | \(from) | \(to) "
            + "| \(move.actor.rawValue) |"
    }

    /// A line for each relation in which the route admits somebody.
    private static func lines(_ route: Route) -> [String] {
        let name = "\(route.summary)<br>`\(route.method.rawValue) \(route.path)`"
        guard let admissions = route.admissions else { return ["| \(name) | anybody | – | – |"] }
        if route.credential == .intakeKey {
            return ["| \(name) | whoever has an intake key of the school | nothing is shown | – |"]
        }
        if route.credential == .signingLink {
            return ["| \(name) | whoever has a signing link | what they may sign or answer | – |"]
        }
        return distinct(relations(of: route)).map { relation in
            let roles = Role.allCases.filter { role in
                admissions.contains { $0.role == role && $0.relation == relation }
            }
            let words =
                roles.count == Role.allCases.count
                ? "everybody" : roles.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            let whom = words.isEmpty ? "nobody with a post" : words
            let scopes = route.scopes.filter { $0.relation == relation }
                .map { "`\($0.scope.rawValue)`" }
            return "| \(name) | \(whom) | \(relation.name) "
                + "| \(scopes.isEmpty ? "–" : scopes.joined(separator: ", ")) |"
        }
    }

    private static var relations: [Relation] {
        distinct(areas.flatMap(\.routes).flatMap(relations))
    }

    private static func relations(of route: Route) -> [Relation] {
        (route.admissions ?? []).map(\.relation) + route.scopes.map(\.relation)
    }

    private static func distinct(_ relations: [Relation]) -> [Relation] {
        relations.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
