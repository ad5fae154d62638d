import JSON
import OpenAPI
import Postgres

/// How many duties are open, due and overdue in each school (RPT-06).
enum DutyFigures {
    static let routes: [Route] = [
        .get(
            "/v1/duty-figures", "List duty figures",
            """
            Of every school that I may see, in one call: how many duties of each kind are open, \
            due today and overdue, and since when the oldest. Without names. They are counted by \
            the clock, within some minutes of a change; `counted_at` says when. What came of an \
            incident is not among them, and a trust is told nothing of images to remove nor of \
            devices that pupils brought or lost to their teachers.
            """,
            for: Duties.overseers.admitted(.figuresOfDuties)
                + [Role.trustViewer].admitted(.figuresOfDuties),
            by(list)
        ).recordingTables().openTo(.dutyFiguresRead, .figuresOfDuties).takingBasic()
    ]

    static func list(
        _ filter: DutyFigureFilter, _ page: PageRequest<DutyFigureOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<DutyFigure> {
        tx.page(page, onRecord: page.asTable("duty_figure"), naming: "distinct school_id") { page in
            """
            select figure.*, \(page.order.key) as _key
            from (
                select figure.*, md5(figure.school_id || figure.kind)::uuid as id
                from duty_figure_shown as figure
            ) as figure
            where \(reach.sql(.figuresOfDuties)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}

/// How many duties of a kind there are in a school.
struct DutyFigure: Resource {
    let id: ID<DutyFigure>
    let schoolID: ID<School>
    let kind: String
    let open: Int
    let due: Int
    let overdue: Int
    let oldestOn: Day?
    let countedAt: Instant

    static let isTagged = false
    static let words = "How many duties of a kind there are in a school."
    static var example: DutyFigure {
        DutyFigure(
            id: .example, schoolID: .example, kind: "training_due", open: 12, due: 1, overdue: 4,
            oldestOn: .example, countedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, open, due, overdue
        case schoolID = "school_id"
        case oldestOn = "oldest_on"
        case countedAt = "counted_at"

        var words: String {
            switch self {
            case .id: "The same for this school and this kind for ever."
            case .schoolID: "The school."
            case .kind: "What is to be done, one of the vocabulary `duty_kinds`."
            case .open: "How many there are, due or not."
            case .due: "How many of them are due today."
            case .overdue: "How many of them are overdue."
            case .oldestOn: "When the one was due that has waited longest, or is due next."
            case .countedAt: "When they were counted."
            }
        }
    }
}

/// Which figures to list.
struct DutyFigureFilter: Filter {
    let school: ID<School>?
    let kinds: [String]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        kinds = query.choices("kind", areas.flatMap(\.duties).map(\.kind))
    }

    static var parameters: [Parameter] {
        [
            .query("school_id", "Only of this school.", .id, nil),
            .choices("kind", "Only of these kinds.", areas.flatMap(\.duties).map(\.kind)),
        ]
    }

    var sql: SQL {
        """
        (\(school)::uuid is null or figure.school_id = \(school))
        and (\(kinds)::text[] is null or figure.kind = any(\(kinds)))
        """
    }
}

/// The order in which they are listed.
enum DutyFigureOrder: String, SortOrder {
    case school = "school_id"

    var sql: SQL { "figure.school_id, figure.id" }
    var key: SQL { "figure.school_id::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(figure.school_id, figure.id) > (\(key)::text::uuid, \(id)::uuid)"
    }
}
