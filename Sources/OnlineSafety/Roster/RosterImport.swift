import FoundationEssentials
import JSON
import Postgres

/// Reads a file into the roster of a school from the command line: by the same readers, and by the
/// same functions of the database, as over HTTP.
package struct RosterImport {
    package var isFull = false
    package var isTrial = false
    package var isPartial = false
    package var confirmedLeavers: Int?
    package var confirmedLinksEnded: Int?
    package var isCSV = true
    private let kind: PersonKind?
    private let school: ID<School>

    /// How it went, in lines for whoever sits at the terminal.
    package struct Told: Sendable {
        package let lines: [String]

        /// Whether all of it was applied, or would be.
        package let isDone: Bool

        /// Whether it only waits for a word.
        package let isBlocked: Bool
    }

    /// `school`: a URN of six digits, or an id. `kind`: what everybody is of whom no column says
    /// it. `nil` where there is no such school, or kind.
    package init?(
        school: String, kind: String?, on connection: DirectConnection
    ) throws(PostgresError) {
        let found = try connection.run(
            "select id from school where id::text = lower(\(school)) or urn = \(school)")
        guard let id = found.uuid(0, "id") else { return nil }
        self.school = ID(id)
        self.kind = kind.flatMap(PersonKind.init(rawValue:))
        if kind != nil, self.kind == nil { return nil }
    }

    /// Reads pieces until there is none, and applies them. `progress` is told how many rows were
    /// read, some hundreds of times at most.
    package func run(
        on connection: DirectConnection, as operatorName: String,
        progress: (Int) -> Void, next: () throws -> [UInt8]?
    ) throws -> Told {
        var pile = RosterPile(school: school)
        do {
            try read(&pile, on: connection, progress, next)
            return try apply(pile, on: connection, as: operatorName)
        } catch {
            _ = try? connection.run("select discard_roster(\(school), \(pile.batch))")
            guard let problem = error as? Problem else { throw error }
            let faults = problem.faults.map { "  \($0.pointer ?? "")  \($0.detail)" }
            return Told(
                lines: [problem.detail ?? problem.code.words] + faults, isDone: false,
                isBlocked: false)
        }
    }

    private func read(
        _ pile: inout RosterPile, on connection: DirectConnection, _ progress: (Int) -> Void,
        _ next: () throws -> [UInt8]?
    ) throws {
        var reader: any RosterReader = isCSV ? RosterTable(kind: kind) : RosterLines()
        pile.known = RosterKnown(try connection.run(RosterKnown.asked(of: school)))
        while let piece = try next() {
            try piece.withUnsafeBytes { try reader.read($0, into: &pile) }
            if pile.isFull { try keep(&pile, on: connection) }
            progress(pile.rows)
        }
        try reader.finish(into: &pile)
        try keep(&pile, on: connection)
    }

    private func keep(
        _ pile: inout RosterPile, on connection: DirectConnection
    ) throws(PostgresError) {
        for statement in pile.take() { try connection.run(statement) }
    }

    private func apply(
        _ pile: RosterPile, on connection: DirectConnection, as operatorName: String
    ) throws -> Told {
        let wish = RosterWish(
            mode: isFull ? .full : .upsert, isTrial: isTrial, isPartial: isPartial,
            confirmedLeavers: confirmedLeavers, confirmedLinksEnded: confirmedLinksEnded,
            kind: kind)
        let found = try connection.run(
            """
            select apply_roster(
                \(school), \(pile.batch), \(wish.json(isCSV ? .csv : .ndjson, pile))::jsonb,
                \(operatorName),
                \(pile.known.batch)::uuid, \(pile.known.seen)::integer[]) as told
            """)
        return Told(try RosterAnswer(all: found).batch)
    }
}

extension RosterImport.Told {
    fileprivate init(_ batch: RosterBatch) {
        isDone = batch.refused == 0 && [.applied, .tried].contains(batch.outcome)
        isBlocked = batch.outcome == .blocked
        let faults = (batch.issues ?? []).map { issue in
            "  row \(issue.row.map(String.init) ?? "–")\(issue.pointer)  "
                + "\(issue.severity.rawValue): \(issue.detail)"
        }
        var words = "\(batch.outcome.label): \(batch.rows) rows"
        switch batch.outcome {
        case .applied, .tried:
            words +=
                "; \(batch.added) new, \(batch.changed) changed, \(batch.unchanged) unchanged, "
                + "\(batch.leavers) leavers, \(batch.returned) back; of families "
                + "\(batch.linksAdded) new, \(batch.linksChanged) changed, "
                + "\(batch.linksEnded) ended"
        case .refused: break
        case .blocked where batch.wouldLeave == nil:
            words =
                "More families would end than is likely: nothing is applied: \(batch.rows) rows; "
                + "\(batch.linksEnded) links of parents and children who stay. If so many are to "
                + "end: --confirm-links-ended \(batch.linksEnded)"
        case .blocked:
            words +=
                "; \(batch.leavers) would be marked as left, and of a group more than were "
                + "expected to. If so many have left: --confirm-leavers \(batch.leavers)"
        }
        if batch.refused > 0 { words += "; \(batch.refused) refused" }
        lines = faults + [words]
    }
}
