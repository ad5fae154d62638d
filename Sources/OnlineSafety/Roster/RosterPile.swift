import Postgres

/// The rows of a batch on their way into the database: those that have come since some were last
/// put aside, so that a batch of any size needs little memory.
struct RosterPile {
    let school: ID<School>
    let batch: ID<RosterBatch>

    /// How many rows were read, faulty ones among them.
    private(set) var rows = 0

    /// How many of those were refused though nothing is said of it any more.
    private(set) var moreRefused = 0
    private var entries = Columns()
    private var links = LinkColumns()
    private var faults: [RosterFault] = []
    private var errorsKept = 0
    private var warningsKept = 0

    /// How much was put aside: the database says whether all of it is there still.
    private(set) var kept = (rows: 0, links: 0, faults: 0)

    /// The rows that need not be read.
    var known = RosterKnown()

    /// How many faults are told of a batch, and as many warnings beside them.
    static let mostFaults = 1_000

    /// How many rows a batch may have. Beyond: 422.
    static let mostRows = 200_000

    init(school: ID<School>, batch: ID<RosterBatch> = ID()) {
        (self.school, self.batch) = (school, batch)
    }

    /// Whether as much has come as is put aside at once.
    var isFull: Bool { entries.numbers.count >= 2_000 || links.numbers.count >= 10_000 }

    /// Whether it is one more row that is known already, and need not be read.
    mutating func knows(_ digest: SIMD2<UInt64>, _ number: Int) -> Bool {
        guard known.sees(digest, number) else { return false }
        rows += 1
        return true
    }

    /// One more row that could be read. What is doubtful in it, or told of a family, is read again
    /// the next time as well.
    mutating func add(_ entry: RosterEntry) {
        let wrong = entry.faults
        guard wrong.isEmpty else { return refuse(wrong) }
        rows += 1
        let warnings = entry.warnings
        warnings.forEach { keep($0) }
        let isPlain =
            warnings.isEmpty && entry.links.isEmpty && !entry.given.contains(.parents)
        entries.append(entry, isPlain ? entry.digest : nil)
        for link in entry.links { links.append(link, entry.number) }
    }

    /// One more row that could not be.
    mutating func refuse(_ faults: [RosterFault]) {
        rows += 1
        if errorsKept >= Self.mostFaults {
            moreRefused += 1
        } else {
            for (index, fault) in faults.enumerated() { keep(fault, isNeeded: index == 0) }
        }
    }

    /// Something doubtful about the file as a whole.
    mutating func warn(_ fault: RosterFault) { keep(fault) }

    private mutating func keep(_ fault: RosterFault, isNeeded: Bool = false) {
        let isError = fault.severity == .error
        guard isNeeded || (isError ? errorsKept : warningsKept) < Self.mostFaults else { return }
        faults.append(fault)
        if isError { errorsKept += 1 } else { warningsKept += 1 }
    }

    /// The statements that put aside what has come; it is forgotten here.
    mutating func take() -> [SQL] {
        var statements: [SQL] = []
        if !entries.numbers.isEmpty { statements.append(entries.staged(school, batch)) }
        if !links.numbers.isEmpty { statements.append(links.staged(school, batch)) }
        if !faults.isEmpty {
            statements.append(
                """
                select stage_roster_faults(
                    \(school), \(batch), \(faults.map(\.row))::integer[],
                    \(faults.map(\.severity))::text[], \(faults.map(\.code))::text[],
                    \(faults.map(\.pointer))::text[])
                """)
        }
        kept.rows += entries.numbers.count
        kept.links += links.numbers.count
        kept.faults += faults.count
        (entries, links, faults) = (Columns(), LinkColumns(), [])
        return statements
    }
}

/// Rows, column by column, as the database takes many at once.
private struct Columns {
    var numbers: [Int] = []
    private var ids: [ID<Person>] = []
    private var externalIDs: [String] = []
    private var kinds: [String] = []
    private var givenNames: [String] = []
    private var familyNames: [String] = []
    private var yearGroups: [String?] = []
    private var classNames: [String?] = []
    private var upns: [String?] = []
    private var datesOfBirth: [String?] = []
    private var emails: [String?] = []
    private var joined: [String?] = []
    private var left: [String?] = []
    private var givens: [Int] = []
    private var digests: [[UInt8]?] = []

    mutating func append(_ entry: RosterEntry, _ digest: SIMD2<UInt64>?) {
        numbers.append(entry.number)
        ids.append(ID())
        externalIDs.append(entry.externalID)
        kinds.append(entry.kind)
        givenNames.append(entry.givenName)
        familyNames.append(entry.familyName)
        yearGroups.append(entry.yearGroup)
        classNames.append(entry.className)
        upns.append(entry.upn)
        datesOfBirth.append(entry.dateOfBirth)
        emails.append(entry.email)
        joined.append(entry.joinedOn)
        left.append(entry.leftOn)
        givens.append(entry.given.rawValue)
        digests.append(digest.map { withUnsafeBytes(of: $0) { Array($0) } })
    }

    func staged(_ school: ID<School>, _ batch: ID<RosterBatch>) -> SQL {
        """
        select stage_roster(
            \(school), \(batch), \(numbers)::integer[], \(ids)::uuid[], \(externalIDs)::text[],
            \(kinds)::text[], \(givenNames)::text[], \(familyNames)::text[],
            \(yearGroups)::text[], \(classNames)::text[], \(upns)::text[],
            \(datesOfBirth)::date[], \(emails)::text[], \(joined)::date[], \(left)::date[],
            \(givens)::integer[], \(digests)::bytea[])
        """
    }
}

private struct LinkColumns {
    var numbers: [Int] = []
    private var children: [String] = []
    private var byUPN: [Bool] = []
    private var parents: [String] = []
    private var relationships: [String?] = []
    private var responsibilities: [Bool?] = []
    private var noContacts: [Bool?] = []

    mutating func append(_ link: RosterEntry.Link, _ number: Int) {
        numbers.append(number)
        children.append(link.child)
        byUPN.append(link.isByUPN)
        parents.append(link.parent)
        relationships.append(link.relationship)
        responsibilities.append(link.hasResponsibility)
        noContacts.append(link.noContact)
    }

    func staged(_ school: ID<School>, _ batch: ID<RosterBatch>) -> SQL {
        """
        select stage_roster_links(
            \(school), \(batch), \(numbers)::integer[], \(children)::text[], \(byUPN)::boolean[],
            \(parents)::text[], \(relationships)::text[], \(responsibilities)::boolean[],
            \(noContacts)::boolean[])
        """
    }
}
