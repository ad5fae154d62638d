import JSON
import OpenAPI

/// Somebody as the MIS tells them: a row of a batch. What a row does not speak of stays as it is,
/// null empties it.
struct RosterRow: Codable, Exemplary, Named {
    let externalID: ExternalID
    let kind: PersonKind
    let givenName: Text<100>
    let familyName: Text<100>
    let yearGroup: Patch<YearGroup>
    let className: Patch<Text<50>>
    let upn: Patch<Text<20>>
    let dateOfBirth: Patch<Day>
    let email: Patch<RosterAddress>
    let joinedOn: Patch<Day>
    let leftOn: Patch<Day>
    let parents: Change<Few<Parent, 20>>

    static var schemaWords: String? { "Somebody as the MIS tells them." }
    static var example: RosterRow {
        RosterRow(
            externalID: .example, kind: .pupil, givenName: "Robin", familyName: "Ash",
            yearGroup: .value(.example), className: .value("4A"), upn: .value("B801200005001"),
            dateOfBirth: .absent, email: .absent, joinedOn: .absent, leftOn: .absent,
            parents: .value([.example]))
    }

    /// Whom the child of the example names.
    static var exampleOfAParent: RosterRow {
        RosterRow(
            externalID: Parent.example.externalID, kind: .parent, givenName: "Amira",
            familyName: "Ash", yearGroup: .absent, className: .absent, upn: .absent,
            dateOfBirth: .absent, email: .value(.example), joinedOn: .absent, leftOn: .absent,
            parents: .absent)
    }

    enum CodingKeys: String, FieldWords {
        case kind, upn, email, parents
        case externalID = "external_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case dateOfBirth = "date_of_birth"
        case joinedOn = "joined_on"
        case leftOn = "left_on"

        var words: String {
            switch self {
            case .kind: "What they are to the school."
            case .upn:
                "A pupil's unique pupil number. One whose check letter does not match is kept, "
                    + "with a warning."
            case .email: "Where a parent, or somebody else, is written to."
            case .parents:
                "A child's parents and carers: these, and no others. They are in the same batch, "
                    + "or on the roster already."
            case .externalID: "What the MIS calls them, for as long as it knows them."
            case .givenName: "The given name."
            case .familyName: "The family name."
            case .yearGroup: "A pupil's year group: `4`, `Year 4`, `R`, `Reception`, `N2`."
            case .className: "A pupil's class or registration group."
            case .dateOfBirth: "The date of birth."
            case .joinedOn: "The day on which they join, or joined."
            case .leftOn: "Their last day, past or to come."
            }
        }
    }

    /// A parent or carer of the child in whose row they stand.
    struct Parent: Codable, Exemplary, Named, Sendable {
        let externalID: ExternalID
        let relationship: Text<60>?
        let hasResponsibility: Bool?
        let noContact: Bool?

        static var schemaName: String { "RosterParent" }
        static var schemaWords: String? { "A parent or carer of a child." }
        static var example: Parent {
            Parent(
                externalID: .init("SIMS-C0093") ?? .example, relationship: "Mother",
                hasResponsibility: true, noContact: false)
        }

        enum CodingKeys: String, FieldWords {
            case relationship
            case externalID = "external_id"
            case hasResponsibility = "has_responsibility"
            case noContact = "no_contact"

            var words: String {
                switch self {
                case .externalID: "What the MIS calls them."
                case .relationship: "What they are to the child, as the MIS says it."
                case .hasResponsibility: "Whether they have parental responsibility."
                case .noContact: "Whether a court's order, or the school, bars contact."
                }
            }
        }
    }
}

extension RosterRow {
    /// The row as it is put aside.
    func entry(_ number: Int) -> RosterEntry {
        var entry = RosterEntry(
            number: number, externalID: externalID.string, kind: kind.rawValue,
            givenName: givenName.string, familyName: familyName.string)
        entry.yearGroup = entry.take(yearGroup, .yearGroup)?.string
        entry.className = entry.take(className, .className)?.string
        entry.upn = entry.take(upn, .upn)?.string
        entry.dateOfBirth = entry.take(dateOfBirth, .dateOfBirth)?.string
        entry.email = entry.take(email, .email)?.string
        entry.joinedOn = entry.take(joinedOn, .joinedOn)?.string
        entry.leftOn = entry.take(leftOn, .leftOn)?.string
        guard case .value(let list) = parents else { return entry }
        entry.given.insert(.parents)
        entry.links = list.elements.map { parent in
            RosterEntry.Link(
                child: externalID.string, isByUPN: false, parent: parent.externalID.string,
                relationship: parent.relationship?.string,
                hasResponsibility: parent.hasResponsibility, noContact: parent.noContact)
        }
        return entry
    }
}

/// A row that could be read, whatever form it came in.
struct RosterEntry {
    let number: Int
    var externalID: String
    var kind: String
    var givenName: String
    var familyName: String
    var yearGroup: String?
    var className: String?
    var upn: String?
    var dateOfBirth: String?
    var email: String?
    var joinedOn: String?
    var leftOn: String?
    var given: Given = []
    var links: [Link] = []

    /// By what the row is known again; `nil` of one that came by itself.
    var digest: SIMD2<UInt64>?

    init(
        number: Int, externalID: String, kind: String, givenName: String, familyName: String
    ) {
        (self.number, self.externalID, self.kind) = (number, externalID, kind)
        (self.givenName, self.familyName) = (givenName, familyName)
    }

    /// Of which facts a row speaks; as `roster_row.given` in the migrations.
    struct Given: OptionSet {
        let rawValue: Int
        static let yearGroup = Given(rawValue: 1)
        static let className = Given(rawValue: 2)
        static let upn = Given(rawValue: 4)
        static let dateOfBirth = Given(rawValue: 8)
        static let email = Given(rawValue: 16)
        static let joinedOn = Given(rawValue: 32)
        static let leftOn = Given(rawValue: 64)
        static let parents = Given(rawValue: 128)
    }

    /// Who is whose parent, by what the MIS calls them, or the child by its UPN.
    struct Link {
        let child: String
        let isByUPN: Bool
        let parent: String
        let relationship: String?
        let hasResponsibility: Bool?
        let noContact: Bool?
    }

    fileprivate mutating func take<Value>(_ patch: Patch<Value>, _ fact: Given) -> Value? {
        if !patch.isAbsent { given.insert(fact) }
        return patch.value
    }
}

extension RosterEntry {
    /// What is wrong with its facts together.
    var faults: [RosterFault] {
        guard let joinedOn, let leftOn, leftOn < joinedOn else { return [] }
        return [RosterFault(number, .error, "left_before_joining", "/left_on")]
    }

    /// What is doubtful, and kept.
    var warnings: [RosterFault] {
        guard let upn, let wrong = UPN.fault(of: upn) else { return [] }
        return [RosterFault(number, .warning, wrong.rawValue, "/upn")]
    }
}

/// What is wrong with a row, never with the value that is.
struct RosterFault {
    enum Severity: String, Words {
        case error, warning

        var label: String {
            switch self {
            case .error: "The row is refused"
            case .warning: "Doubtful, and kept"
            }
        }
    }

    let row: Int
    let severity: Severity
    let code: String
    let pointer: String

    init(_ row: Int, _ severity: Severity, _ code: String, _ pointer: String) {
        (self.row, self.severity, self.code, self.pointer) = (row, severity, code, pointer)
    }
}
