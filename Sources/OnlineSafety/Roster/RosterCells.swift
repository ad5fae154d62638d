/// One record of a table, on its way to a row: each cell read as its column asks, every fault
/// noted.
struct RosterCells {
    private let number: Int
    private let isOfContacts: Bool
    private var texts: [RosterColumns.Column: String] = [:]
    private(set) var faults: [RosterFault] = []

    init(
        _ number: Int, _ record: CSVReader.Record, _ columns: RosterColumns,
        _ encoding: TextEncoding
    ) {
        self.number = number
        isOfContacts = columns.isOfContacts
        texts.reserveCapacity(columns.columns.count)
        for (place, column) in columns.columns.enumerated() {
            guard let column else { continue }
            if let text = encoding.text(of: record[place]) {
                texts[column] = text
            } else {
                texts[column] = ""
                note(column, "wrong_encoding")
            }
        }
    }

    /// The row; `nil` where something was wrong with it.
    mutating func entry(kind: PersonKind?) -> RosterEntry? {
        var entry = RosterEntry(
            number: number, externalID: externalID(.externalID),
            kind: self.kind(or: kind ?? (isOfContacts ? .parent : nil)),
            givenName: text(.givenName, upTo: 100, isNeeded: true) ?? "",
            familyName: text(.familyName, upTo: 100, isNeeded: true) ?? "")
        entry.yearGroup = fact(.yearGroup, .yearGroup, &entry, "unknown_year_group") {
            YearGroup($0)?.string
        }
        entry.className =
            known(.className, .className, &entry)
            ? text(.className, upTo: 50) : nil
        entry.upn = known(.upn, .upn, &entry) ? text(.upn, upTo: 20) : nil
        entry.dateOfBirth = fact(.dateOfBirth, .dateOfBirth, &entry, "date", Cell.day)
        entry.email = fact(.email, .email, &entry, "email_address") { RosterAddress($0)?.string }
        entry.joinedOn = fact(.joinedOn, .joinedOn, &entry, "date", Cell.day)
        entry.leftOn = fact(.leftOn, .leftOn, &entry, "date", Cell.day)
        if isOfContacts { entry.links = link(of: entry).map { [$0] } ?? [] }
        return faults.isEmpty ? entry : nil
    }

    private mutating func note(_ column: RosterColumns.Column, _ code: String) {
        faults.append(RosterFault(number, .error, code, "/\(column.rawValue)"))
    }

    private mutating func kind(or usual: PersonKind?) -> String {
        guard let text = texts[.kind], !text.isEmpty else {
            if usual == nil { note(.kind, "required") }
            return usual?.rawValue ?? ""
        }
        let kind = Cell.kind(text)
        if kind == nil { note(.kind, "unknown_word") }
        return kind?.rawValue ?? ""
    }

    private mutating func externalID(_ column: RosterColumns.Column) -> String {
        let id = ExternalID(texts[column] ?? "")
        if id == nil { note(column, "external_id") }
        return id?.string ?? ""
    }

    /// A text that people read; `nil` where the cell is empty.
    private mutating func text(
        _ column: RosterColumns.Column, upTo most: Int, isNeeded: Bool = false
    ) -> String? {
        guard let text = texts[column], !text.isEmpty else {
            if isNeeded { note(column, "blank") }
            return nil
        }
        if text.unicodeScalars.count > most { note(column, "too_long") }
        if text.utf8.contains(where: { $0 < 0x20 }) { note(column, "control_character") }
        return text
    }

    private func known(
        _ column: RosterColumns.Column, _ fact: RosterEntry.Given, _ entry: inout RosterEntry
    ) -> Bool {
        guard texts[column] != nil else { return false }
        entry.given.insert(fact)
        return true
    }

    /// A fact that has a form of its own; an empty cell empties it.
    private mutating func fact(
        _ column: RosterColumns.Column, _ fact: RosterEntry.Given, _ entry: inout RosterEntry,
        _ code: String, _ read: (String) -> String?
    ) -> String? {
        guard known(column, fact, &entry), let text = texts[column], !text.isEmpty else {
            return nil
        }
        let value = read(text)
        if value == nil { note(column, code) }
        return value
    }

    private mutating func link(of entry: RosterEntry) -> RosterEntry.Link? {
        let id = texts[.child] ?? ""
        let isByUPN = id.isEmpty
        let child = isByUPN ? texts[.childUPN] ?? "" : id
        guard (1...100).contains(child.utf8.count) else {
            note(texts[.child] == nil ? .childUPN : .child, "required")
            return nil
        }
        return RosterEntry.Link(
            child: child, isByUPN: isByUPN, parent: entry.externalID,
            relationship: text(.relationship, upTo: 60),
            hasResponsibility: flag(.hasResponsibility), noContact: flag(.noContact))
    }

    private mutating func flag(_ column: RosterColumns.Column) -> Bool? {
        guard let text = texts[column], !text.isEmpty else { return nil }
        let flag = Cell.flag(text)
        if flag == nil { note(column, "boolean") }
        return flag
    }
}
