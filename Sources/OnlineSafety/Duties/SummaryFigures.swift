import JSON
import OpenAPI
import Postgres

/// How many have signed what was put to them, are trained as is asked of them, and of how many the
/// parents have answered, in each school: figures alone (RPT-06).
enum SummaryFigures {
    static let routes: [Route] = [
        .get(
            "/v1/summary-figures", "List summary figures",
            """
            Of every school that I may see, in one call: of how many persons of each kind each \
            agreement is wanted, or each training, and of how many pupils each consent, how many \
            have agreed or are trained, how many have not yet and how many refused. Consents go \
            by what was answered, whatever else keeps a child from being shown. Without names; a \
            figure of 1 to 4 is suppressed, and with it what would tell it: all three parts of \
            that line. They are counted by the clock with the duties; `counted_at` says when.
            """,
            for: Duties.overseers.admitted(.figuresOfDuties)
                + [Role.trustViewer].admitted(.figuresOfDuties),
            by(list)
        ).recordingTables().openTo(.dutyFiguresRead, .figuresOfDuties).takingBasic()
    ]

    static func list(
        _ filter: SummaryFigureFilter, _ page: PageRequest<SummaryFigureOrder>,
        within reach: Reach, in tx: Transaction
    ) -> Page<SummaryFigure> {
        tx.page(page, onRecord: page.asTable("summary_figure"), naming: "distinct school_id") {
            page in
            """
            select figure.*, \(page.order.key) as _key
            from summary_figure_shown as figure
            where \(reach.sql(.figuresOfDuties)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}

/// Of how many something is wanted in a school, and how many of them have agreed.
struct SummaryFigure: Resource {
    let id: ID<SummaryFigure>
    let schoolID: ID<School>
    let measure: Measure
    let name: String
    let kind: PersonKind
    let asked: Int?
    let agreed: Int?
    let waiting: Int?
    let refused: Int?
    let isSuppressed: Bool
    let countedAt: Instant

    static let isTagged = false
    static let words = "Of how many something is wanted in a school, and how many have agreed."
    static var example: SummaryFigure {
        SummaryFigure(
            id: .example, schoolID: .example, measure: .agreement, name: "Pupils, Key Stage 2",
            kind: .pupil, asked: 212, agreed: 181, waiting: 26, refused: 5, isSuppressed: false,
            countedAt: .example)
    }

    /// What is counted.
    enum Measure: String, Words {
        case agreement
        case consent
        case training

        var label: String {
            switch self {
            case .agreement: "Agreements that are put to people"
            case .consent: "Consents that are asked of parents"
            case .training: "Training that the school asks of those who work there"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, measure, name, kind, asked, agreed, waiting, refused
        case schoolID = "school_id"
        case isSuppressed = "is_suppressed"
        case countedAt = "counted_at"

        var words: String {
            switch self {
            case .id: "The same for this school, this name and this kind for ever."
            case .schoolID: "The school."
            case .measure: "What is counted."
            case .name:
                "What the school calls the agreement or training; or the purpose of the consent."
            case .kind: "Of which kind of persons."
            case .asked: "Of how many it is wanted; absent where they are 1 to 4."
            case .agreed: "How many have signed what still holds, said yes, or are trained."
            case .waiting: "How many have not answered or been trained, or must again."
            case .refused: "How many have refused or withdrawn, or whose agreement was revoked."
            case .isSuppressed: "Whether something is left out because it is small."
            case .countedAt: "When they were counted."
            }
        }
    }
}

/// Which figures to list.
struct SummaryFigureFilter: Filter {
    let school: ID<School>?
    let measures: [SummaryFigure.Measure]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        measures = query.words("measure", SummaryFigure.Measure.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("measure", "Only of these.", SummaryFigure.Measure.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or figure.school_id = \(school))
        and (\(measures)::text[] is null or figure.measure = any(\(measures)))
        """
    }
}

/// The order in which they are listed.
enum SummaryFigureOrder: String, SortOrder {
    case school = "school_id"

    var sql: SQL { "figure.school_id, figure.id" }
    var key: SQL { "figure.school_id::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(figure.school_id, figure.id) > (\(key)::text::uuid, \(id)::uuid)"
    }
}
