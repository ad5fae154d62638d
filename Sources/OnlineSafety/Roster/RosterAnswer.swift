import Bytes
import HTTP
import JSON
import Postgres

/// How a batch went: 201 where it was applied, 207 where some of its rows were refused, 200 where
/// it was only tried.
struct RosterAnswer: Reply {
    let batch: RosterBatch

    private let isTrial: Bool

    /// However it went.
    init(all found: Answer) throws {
        guard let bytes = found.json(0, "told") else { throw Problem(.notFound) }
        let told = try JSON.parse(bytes)
        if let problem = Problem(outcome: told["outcome"]?.text) { throw problem }
        batch = try JSON.decode(RosterBatch.self, from: told.without(["is_trial"]))
        isTrial = told["is_trial"] == .bool(true)
    }

    /// Throws where rows are faulty, or too many would leave, unless it was only tried.
    init(_ found: Answer, of form: RosterBatch.Form) throws {
        try self.init(all: found)
        if isTrial { return }
        if batch.outcome == .refused { throw Problem(refused: batch, form) }
        if batch.outcome == .blocked { throw Problem(blocked: batch) }
    }

    var status: Status {
        switch batch.outcome {
        case .applied: batch.refused > 0 ? .multiStatus : .created
        case .tried, .refused, .blocked: .ok
        }
    }

    func headers(_ call: Call) -> [Header] {
        guard let id = batch.id else { return [] }
        let address = "/v1/schools/\(batch.schoolID.string)/roster-batches/\(id.string)"
        return [Header(name: .location, value: address)]
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        output.append(JSON.string(of: batch))
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, RosterBatch.self, at: "Where the batch is read.")
        operation.answersToo(.ok, RosterBatch.self)
        operation.answersToo(.multiStatus, RosterBatch.self)
    }
}

extension Problem {
    /// Of a batch that was not looked at.
    fileprivate init?(outcome: String?) {
        switch outcome {
        case "overtaken":
            self.init(
                .conflict, "Another batch of this school was applied meanwhile: send it again.")
        case "lost":
            self.init(
                .unavailable, "Rows of it were lost before it was whole: send it again.")
        case "out_of_range":
            self.init(parameters: [
                Fault(
                    parameter: "as_of", code: "out_of_range",
                    detail: "Within a year back and two years ahead")
            ])
        default: return nil
        }
    }

    /// Each faulty row by its place, in whatever form they came; of a file with its line.
    fileprivate init(refused batch: RosterBatch, _ form: RosterBatch.Form) {
        self.init(
            .validationFailed,
            "\(batch.refused) of \(batch.rows) rows are refused, and nothing was kept.")
        let errors = (batch.issues ?? []).filter { $0.severity == .error }.prefix(100)
        faults = errors.map { issue in
            let line = issue.row ?? 0
            let place = line - (form == .csv ? 2 : 1)
            return Fault(
                pointer: "/rows/\(place)\(issue.pointer)", code: issue.code,
                detail: form == .json ? issue.detail : "Line \(line): \(issue.detail)")
        }
    }

    fileprivate init(blocked batch: RosterBatch) {
        guard batch.wouldLeave != nil else {
            self.init(
                .massLeaveBlocked,
                "\(batch.linksEnded) links of parents and children who stay would end, more than a "
                    + "tenth. If so many are to, send it again with "
                    + "confirm_links_ended=\(batch.linksEnded).")
            faults = [
                Fault(
                    parameter: "confirm_links_ended", code: "mass_leave_blocked",
                    detail: "\(batch.linksEnded)")
            ]
            return
        }
        self.init(
            .massLeaveBlocked,
            "\(batch.leavers) persons would be marked as left, and of a group more than were "
                + "expected to. If so many have left, send it again with "
                + "confirm_leavers=\(batch.leavers).")
        faults =
            [
                Fault(
                    parameter: "confirm_leavers", code: "mass_leave_blocked",
                    detail: "\(batch.leavers)")
            ]
            + (batch.wouldLeave ?? []).map { leaver in
                Fault(
                    pointer: "/would_leave/\(leaver.personID.string)", code: "would_leave",
                    detail: leaver.externalID)
            }
    }
}

extension RosterBatch.Issue {
    /// What is wanted, for people.
    var detail: String { Self.words[code] ?? "This row cannot be taken as it is" }

    static let words = [
        "duplicate_external_id": "Two rows say different things of the same external id",
        "duplicate_link": "Two rows say different things of the same parent and child",
        "kind_changed":
            "A pupil does not become an adult, nor an adult a pupil: a new id is needed",
        "unknown_child": "Name a pupil of the same batch, or of the roster",
        "unknown_parent": "Name an adult of the same batch, or of the roster",
        "left_before_joining": "The last day is before the first",
        "out_of_range":
            "This day is too far away: of somebody who is there a year back, two years ahead",
        "wrong_number_of_fields": "It has more or fewer fields than the first line: is it whole?",
        "wrong_encoding": "This is no text in the encoding of the file",
        "unknown_year_group": "Give a year group, e.g. 4, Year 4, R or N2",
        "unknown_word": "Give a word of the list",
        "unknown_field": "There is no such field",
        "date": "Give a date, e.g. 2016-03-09 or 09/03/2016",
        "email_address": "Give a plain e-mail address",
        "external_id": "Give 1 to 100 visible characters",
        "blank": "Write something here",
        "required": "This field is required",
        "too_long": "This is too long",
        "boolean": "Give yes or no",
        "control_character": "Leave out control characters",
        "json_syntax": "This line is not JSON (RFC 8259): is it whole?",
        "upn_check_letter": "The check letter of the UPN does not match",
        "upn_form": "This is no UPN: a letter and twelve digits",
        "upn_twice": "Another pupil has this UPN",
        "taken_over":
            "A pupil of this UPN was entered by hand: they are the same, and the MIS's from now on",
        "probably_known":
            "Somebody of this name and day of birth was entered by hand: if a pupil is the same, "
            + "give them the UPN and send the row again",
        "unknown_column": "Nobody knows this column; it was left out",
        "too_many_leaders": "More than fifty who hold posts would leave at once: record it by hand",
        "last_dsl": "Nobody would be a DSL contact any more: they stay until there is a successor",
        "last_report_taker":
            "Nobody would take incident reports any more: they stay until there is a successor",
    ]
}
