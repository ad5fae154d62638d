import JSON
import Postgres

/// What was said, as it is entered, corrected and read (CON-01, CON-04, CON-11, CON-15).
enum RecordingConsents {
    static let routes: [Route] = [
        .post(
            "/v1/consents", "Record a consent",
            """
            By the office or a DSL, what a parent, or an adult about themselves, has said; by \
            everybody of the school about themselves. It counts at once: whoever changes their \
            mind says something else, on a form of a later day; of one day a no goes before a yes \
            that was entered for them.
            """,
            for: Consents.keepingAdmitted, by(record)),
        .get(
            "/v1/consents", "List consents",
            "All that was ever said, as it came in. The reading is on record.",
            for: Consents.readingAdmitted, onRecord: true, by(list)),
        .get(
            "/v1/consents/{consent}", "Read a consent", "The reading is on record.",
            for: Consents.readingAdmitted, onRecord: true, by(read)),
        .post(
            "/v1/consents/{consent}/correction", "Correct a consent",
            """
            Where something was put down wrongly: what was truly said takes its place, both stay \
            on record. Who has changed their mind is no correction; and what somebody refused or \
            withdrew themselves, by a link or signed in, nobody else corrects.
            """,
            for: Consents.keepers.admitted(.consentsOfSchool), by(correct)),
    ]

    static func record(
        _ said: Consent.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Consent> {
        guard let whose = try await reach.school(of: said.personID, in: tx) else {
            throw Problem([ConsentFault.fault("/person_id", "unknown_person")])
        }
        let usual: ConsentWay = whose.isCallers ? .session : .paper
        return try await keep(said.completed(usual), at: whose.id, reach, tx)
    }

    static func correct(
        _ id: ID<Consent>, to said: Consent.Correction, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Consent> {
        let found = try await tx.run(one(id, reach))
        guard let school = found.uuid(0, "school_id"), let before = ConsentForm(found) else {
            throw Problem(.notFound)
        }
        return try await keep(said.completed(before), at: ID(school), reach, tx)
    }

    static func list(
        _ filter: ConsentFilter, _ page: PageRequest<ConsentOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Consent> {
        tx.page(page, onRecord: page.inEveryForm("consent")) { page in
            """
            select consent.*, consent.id as _id, \(page.order.key) as _key
            from consent_shown as consent
            where \(reach.consents) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Consent>, within reach: Reach, in tx: Transaction
    ) -> Stored<Consent> {
        tx.stored(Audit.reading("opened", "consent", limit: 1, one(id, reach)))
    }

    private static func keep(
        _ form: ConsentForm, at school: ID<School>, _ reach: Reach, _ tx: Transaction
    ) async throws -> Created<Consent> {
        let found = try await tx.run(keeping([form], at: school, reach))
        let faults = (0..<found.count).map { ConsentFault.fault(found, $0) }
        guard faults.isEmpty else { throw Problem(faults) }
        return Created(tx.stored(one(form.id, reach)))
    }

    /// What is wrong with those of some forms that cannot be kept, by their place; the others are.
    static func keeping(_ forms: [ConsentForm], at school: ID<School>, _ reach: Reach) -> SQL {
        """
        select * from record_consents(
            \(school), \(JSON.string(of: forms))::jsonb, \(reach.caller.name))
        """
    }

    private static func one(_ id: ID<Consent>, _ reach: Reach) -> SQL {
        """
        select consent.*, consent.given_on::text as _given_on from consent_shown as consent
        where consent.id = \(id) and \(reach.consents)
        """
    }
}

/// What the database finds wrong with a form, for people.
enum ConsentFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        let needed = code == "required" ? needed[pointer] : nil
        let detail = needed ?? words[code] ?? "This cannot be kept"
        return JSONFault(pointer: pointer, code: code, detail: detail)
    }

    static func fault(_ found: Answer, _ row: Int) -> JSONFault {
        fault(found.text(row, "pointer") ?? "", found.text(row, "code") ?? "")
    }

    private static let needed = [
        "/kept_at": "Say where the writing lies", "/given_on": "Give the day on the form",
    ]

    static let words = [
        "unknown_person": "Name somebody of a school for which you write here",
        "required": "Name the parent who says it",
        "may_not_consent":
            "Of a child a parent with parental responsibility answers whose contact is not "
            + "barred; an adult for themselves",
        "in_the_future": "Give today or a day before",
        "not_so":
            "Each signs in for themselves; what others said is entered by the school, and no "
            + "\"no\" that they said themselves is corrected by it",
        "not_of_adults": "Adults are not asked for this",
        "not_asked": "The school does not ask for this",
        "too_often": "This was altered too often today: speak to the school",
    ]
}

extension ConsentForm {
    /// One that was kept.
    fileprivate init?(_ found: Answer) {
        guard let id = found.uuid(0, "id"), let person = found.uuid(0, "person_id"),
            let giver = found.uuid(0, "given_by_id"),
            let how = found.text(0, "how").flatMap(ConsentWay.init)
        else { return nil }
        self.init(
            id: ID(id), personID: ID(person), givenByID: ID(giver), answers: [],
            givenOn: found.text(0, "_given_on"), how: how, keptAt: found.text(0, "kept_at"))
    }
}

/// Which of all that was said to list.
struct ConsentFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let purposes: [ConsentPurpose]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        purposes = query.words("purpose", ConsentPurpose.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only about this person.", .id, nil),
        .words("purpose", "Only what says something of one of these.", ConsentPurpose.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or consent.school_id = \(school))
        and (\(person)::uuid is null or consent.person_id = \(person))
        and (\(purposes)::text[] is null or exists (
            select from jsonb_array_elements(consent.answers) as said
            where said ->> 'purpose' = any(\(purposes))))
        """
    }
}

/// The orders in which it can be listed.
enum ConsentOrder: String, SortOrder {
    case newest = "-entered_at"
    case oldest = "entered_at"

    var sql: SQL {
        switch self {
        case .newest: "consent.entered_at desc, consent.id desc"
        case .oldest: "consent.entered_at, consent.id"
        }
    }

    var key: SQL { "consent.entered_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest:
            "(consent.entered_at, consent.id) < (\(key)::text::timestamptz, \(id)::uuid)"
        case .oldest:
            "(consent.entered_at, consent.id) > (\(key)::text::timestamptz, \(id)::uuid)"
        }
    }
}
