/// The columns of a table, by what their heads say: MIS name the same fact differently.
struct RosterColumns {
    /// A fact for which a table can have a column.
    enum Column: String, CaseIterable {
        case externalID = "external_id"
        case kind
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case upn
        case dateOfBirth = "date_of_birth"
        case email
        case joinedOn = "joined_on"
        case leftOn = "left_on"
        case child = "child_id"
        case childUPN = "child_upn"
        case relationship
        case hasResponsibility = "has_responsibility"
        case noContact = "no_contact"
    }

    /// What a field of a record is; `nil` where nobody knows its head.
    private(set) var columns: [Column?] = []

    /// Whether each record is about a parent and a child.
    var isOfContacts: Bool { columns.contains(.child) || columns.contains(.childUPN) }

    /// What the heads are called here, in small letters and with single spaces.
    private static let names: [Column: [String]] = [
        .externalID: [
            "external id", "mis id", "person id", "id", "unique id", "contact id", "parent id",
            "carer id", "staff id", "staff code", "employee id",
        ],
        .kind: ["kind", "person type", "type", "role"],
        .givenName: [
            "given name", "forename", "first name", "firstname", "legal forename",
            "legal first name", "contact forename", "contact first name", "parent forename",
        ],
        .familyName: [
            "family name", "surname", "last name", "lastname", "legal surname",
            "legal last name", "contact surname", "contact last name", "parent surname",
        ],
        .yearGroup: [
            "year group", "year", "nc year", "ncyear", "national curriculum year", "yr",
            "curriculum year",
        ],
        .className: [
            "class name", "class", "reg", "reg group", "registration group", "registration",
            "form", "tutor group", "form group",
        ],
        .upn: ["upn", "unique pupil number"],
        .dateOfBirth: ["date of birth", "dob", "birth date", "birthdate"],
        .email: [
            "email", "e mail", "email address", "e mail address", "home email", "work email",
            "primary email", "contact email",
        ],
        .joinedOn: [
            "joined on", "admission date", "date of admission", "doa", "start date",
            "entry date", "date of entry",
        ],
        .leftOn: ["left on", "leaving date", "date of leaving", "dol", "end date", "leave date"],
        .child: ["child id", "child", "child external id"],
        .childUPN: ["child upn", "pupil upn", "student upn"],
        .relationship: [
            "relationship", "relation", "relationship to pupil", "relationship to child",
            "relationship to student",
        ],
        .hasResponsibility: [
            "has responsibility", "parental responsibility", "has parental responsibility", "pr",
        ],
        .noContact: [
            "no contact", "court order", "contact barred", "no contact court order",
            "court order no contact",
        ],
    ]

    /// Every head that is known, for people.
    static let words: String = {
        let heads = Column.allCases.map { column in
            "`\(column.rawValue)`: "
                + (names[column] ?? []).map { "`\($0)`" }.joined(separator: ", ")
        }
        return "The heads of a table, by what each says of somebody; capitals, full stops and "
            + "underscores are let be: \(heads.joined(separator: "; ")). What a pupil is called "
            + "by, or in a table of contacts the child that a line is about: "
            + pupils.map { "`\($0)`" }.joined(separator: ", ") + ". Any other column is left out, "
            + "with a warning."
    }()

    /// Of a pupil, or in a table of contacts of the child that the record is about.
    private static let pupils = [
        "pupil id", "student id", "admission number", "admission no", "adno", "admno",
        "admissions number", "pupil external id", "student external id",
    ]

    private static let byName: [String: Column] = names.reduce(into: [:]) { found, entry in
        for name in entry.value { found[name] = entry.key }
    }

    /// Throws where a column that is needed is missing, or is there twice.
    init(_ heads: [String], kindIsKnown: Bool) throws(Problem) {
        let plain = heads.map(Self.plain)
        columns = plain.map { Self.byName[$0] }
        let ownID = columns.firstIndex(of: .externalID)
        let isOfContacts =
            ownID != nil && plain.contains(where: Self.isOfAContact) || tellsOfFamilies
        var faults: [Fault] = []
        for (place, name) in plain.enumerated() where Self.pupils.contains(name) {
            if let ownID, !isOfContacts {
                faults.append(Self.twoIDs(plain[ownID], name))
            } else {
                columns[place] = ownID == nil ? .externalID : .child
            }
        }
        if ownID != nil, isOfContacts { settleContacts() }
        var needed: [Column] = [.externalID, .givenName, .familyName]
        if !kindIsKnown, !isOfContacts { needed.append(.kind) }
        for column in needed where !columns.contains(column) {
            faults.append(
                Fault(
                    pointer: "/\(column.rawValue)", code: "missing_column",
                    detail: Self.detail(of: column)))
        }
        for column in Column.allCases where columns.count(where: { $0 == column }) > 1 {
            faults.append(
                Fault(
                    pointer: "/\(column.rawValue)", code: "repeated_column",
                    detail: "Two columns say the same: leave one out"))
        }
        guard faults.isEmpty else {
            var problem = Problem(.validationFailed, "The first line does not name the columns.")
            problem.faults = faults
            throw problem
        }
    }

    /// Whether a column is about a parent and a child.
    private var tellsOfFamilies: Bool {
        columns.contains { column in
            switch column {
            case .child, .childUPN, .relationship: true
            default: false
            }
        }
    }

    /// In a table of contacts a UPN, a class and a year are the child's: nobody's parent has them.
    private mutating func settleContacts() {
        for (place, column) in columns.enumerated() {
            switch column {
            case .upn: columns[place] = .childUPN
            case .yearGroup, .className: columns[place] = nil
            default: continue
            }
        }
    }

    private static func twoIDs(_ one: String, _ other: String) -> Fault {
        Fault(
            pointer: "/\(Column.externalID.rawValue)", code: "repeated_column",
            detail: "\(one) and \(other) may both be what the MIS calls them: leave one out, "
                + "or in a table of contacts call the first Contact ID")
    }

    /// Whether it says who a contact is. What it says of one, as `Contact number`, a pupil's record
    /// may say as well.
    private static func isOfAContact(_ name: String) -> Bool {
        guard let column = byName[name], let word = name.split(separator: " ").first else {
            return false
        }
        return [.externalID, .givenName, .familyName].contains(column)
            && ["contact", "parent", "carer"].contains(word)
    }

    private static func detail(of column: Column) -> String {
        let names = (names[column] ?? []).prefix(4).joined(separator: ", ")
        return "A column is needed that is called: \(names)"
            + (column == .kind ? "; or say `kind` in the address" : "")
    }

    /// `Legal_Forename ` as `legal forename`.
    private static func plain(_ head: String) -> String {
        let words = head.unicodeScalars.prefix(80).map { scalar -> Character in
            switch scalar {
            case "A"..."Z": Character(Unicode.Scalar(scalar.value | 0x20)!)
            case "a"..."z", "0"..."9": Character(scalar)
            default: " "
            }
        }
        return String(words).split(separator: " ").joined(separator: " ")
    }
}
