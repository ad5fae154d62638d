import Bytes
import HTTP
import JSON
import OpenAPI
import Postgres

/// Which part of a list is asked for, and in what form.
struct PageRequest<Order: SortOrder>: Argument {
    /// From 1 to 1,000; more is taken as 1,000.
    private(set) var limit: Int
    let order: Order
    let form: Form

    /// All pages are wanted, one after the other: a table without `limit` and `cursor`.
    let isWhole: Bool
    /// Where the page before ended.
    private(set) var place: Cursor.Position?
    fileprivate let binding: Cursor.Binding

    enum Form { case json, csv, csvForExcel }

    static func take(from call: inout Call) throws -> PageRequest {
        let binding = try Cursor.Binding(call)
        let (cursor, limit) = (call.query.take("cursor"), call.query.limit())
        let form: Form = try call.form()
        let isWhole = form != .json && cursor == nil && limit == nil
        if form != .json, call.route.recordsTables { call.write() }
        return PageRequest(
            limit: isWhole ? Export.page : limit ?? 100, order: call.query.order(), form: form,
            isWhole: isWhole,
            place: try cursor.map { text throws(Problem) in
                try Cursor.open(text, binding, call.service.keys)
            },
            binding: binding)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.parameters += [
            .query(
                "limit", "How many at most: 1 to 1000, 100 when not given. More is taken as 1000.",
                .integer(minimum: 1), 100),
            .query("cursor", "The `next_cursor` of the page before.", .text(), nil),
            .query(
                "sort", "The order; a minus sign means descending.",
                .text(choices: Order.allCases.map(\.rawValue)),
                .string(Order.allCases[0].rawValue)),
            .query(
                "format",
                "`csv` for a table, as does `Accept: text/csv`; the elements of a list are joined "
                    + "by semicolons. With `limit` or `cursor` it is a page like any other, with "
                    + "`Link` to the next. Without, it is the whole list, up to 100,000 rows, read "
                    + "while it is sent: what breaks off has no last chunk.",
                .text(choices: ["json", "csv"]), "json"),
            .query(
                "csv_for", "`excel` guards cells that a spreadsheet would take for a formula.",
                .text(choices: ["excel"]), "excel"),
        ]
    }

    fileprivate func from(_ place: Cursor.Position?, limit: Int) -> PageRequest {
        var page = self
        (page.place, page.limit) = (place, limit)
        return page
    }

    /// What goes on record of reading a list of such things: that it was taken away as a table, and
    /// nothing where it is read as JSON, page by page.
    func asTable(_ kind: String) -> (deed: String, kind: String)? {
        form == .json ? nil : ("exported", kind)
    }

    /// What goes on record of reading a list that is told of in every form.
    func inEveryForm(_ kind: String) -> (deed: String, kind: String) {
        (form == .json ? "listed" : "exported", kind)
    }

    /// The condition that a row lies after the place where the page before ended.
    var after: SQL {
        guard let place else { return "true" }
        return order.isAfter(place.key, place.id)
    }
}

extension PageRequest {
    /// The rows of a view that stand in a relation, named as the relation and the order name them.
    ///
    /// One school after the other, so that each is read in the order of its index: a condition on
    /// several at once would sort all that they have.
    func rows(
        of view: SQL, as name: SQL, _ relation: Relation, or other: Relation? = nil,
        within reach: Reach, where condition: SQL
    ) -> SQL {
        let schools = reach.schools(relation, or: other ?? relation)
        let related = other.map { reach.sql(relation, or: $0) } ?? reach.sql(relation)
        return """
            select \(name).*, \(order.key) as _key
            from unnest(\(schools)::uuid[]) as own (school_id)
            cross join lateral (
                select * from \(view) as \(name)
                where \(name).school_id = own.school_id
                    and \(related)
                    and \(condition)
                    and \(after)
                order by \(order.sql)
                limit \(limit + 1)
            ) as \(name)
            order by \(order.sql)
            limit \(limit + 1)
            """
    }
}

/// The orders in which a list can be had; the first is the usual one. Each is completed by the id,
/// so that no two rows stand in the same place.
protocol SortOrder: RawRepresentable<String>, CaseIterable, Sendable where AllCases == [Self] {
    /// `order by …`, as prose: the expression and the direction, then the id.
    var sql: SQL { get }

    /// The row's own place as text, for the cursor.
    var key: SQL { get }
    func isAfter(_ key: String, _ id: String) -> SQL
}

/// Some records, and where to go on. The statement asks for one row more than the page holds, to
/// see whether there are more; its `_key` column is the row's place in the order.
struct Page<Value: Resource>: Reply {
    fileprivate let answer: Answer
    fileprivate let limit: Int
    fileprivate let isCSV: Bool
    fileprivate let guardsFormulas: Bool
    fileprivate let binding: Cursor.Binding
    let export: Export?

    var type: StaticString? { isCSV ? "text/csv; charset=utf-8" : "application/json" }

    private func nextCursor(_ call: Call) -> String? {
        answer.position(after: limit).map { Cursor.seal($0, binding, call.service.keys) }
    }

    func headers(_ call: Call) -> [Header] {
        let marks = isCSV ? [Export.mark(call)] : []
        guard let cursor = nextCursor(call) else { return marks }
        let address = binding.address(cursor: cursor, limit: limit)
        return marks + [Header(name: .link, value: "<\(address)>; rel=\"next\"")]
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        if isCSV {
            answer.appendCSVHeader(to: &output)
            return answer.appendCSV(
                rows: 0..<min(answer.count, limit), guardingFormulas: guardsFormulas, to: &output)
        }
        output.append("{\"data\":")
        answer.appendJSON(limit: limit, omittingNulls: true, to: &output)
        output.append(",\"next_cursor\":")
        if let cursor = nextCursor(call) {
            output.appendJSON(cursor)
        } else {
            output.append("null")
        }
        output.append("}")
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answersPage(of: Value.self, alsoAsTable: true)
    }
}

extension Transaction {
    /// The records that `rows` finds for the page; with `deed` and `kind` the reading is on record
    /// (`Audit.reading`), which names them by the column `id`; at each of `schools` also where
    /// there are none. The handler need not wait for them. Where the whole list is wanted, `rows`
    /// is asked for one page after the other.
    func page<Value: Resource, Order>(
        _ page: PageRequest<Order>, onRecord reading: (deed: String, kind: String)? = nil,
        naming id: SQL = "id", atEach schools: [ID<School>] = [],
        _ rows: @escaping (PageRequest<Order>) -> SQL
    ) -> Page<Value> {
        func found(_ page: PageRequest<Order>, in tx: Transaction) -> Answer {
            guard let (deed, kind) = reading else { return tx.add(rows(page)) }
            return tx.add(
                Audit.reading(
                    deed, kind, limit: page.limit, naming: id, atEach: schools, rows(page)))
        }
        let answer = found(page, in: self)
        let guardsFormulas = page.form == .csvForExcel
        let export = Export(first: answer, guardsFormulas: guardsFormulas) { position, tx in
            found(page.from(position, limit: page.limit), in: tx)
        } count: { most, tx in
            tx.add("select count(*) as count from (\(rows(page.from(nil, limit: most)))) as whole")
        }
        return Page(
            answer: answer, limit: page.limit, isCSV: page.form != .json,
            guardsFormulas: guardsFormulas, binding: page.binding,
            export: page.isWhole ? export : nil)
    }
}

extension QueryReader {
    fileprivate mutating func limit() -> Int? {
        guard let text = take("limit") else { return nil }
        let digits = text.utf8.allSatisfy { (48...57).contains($0) }
        guard digits, (1...9).contains(text.utf8.count), let limit = Int(text), limit > 0 else {
            note("limit", "whole_number", "Give a whole number from 1 to 1000")
            return 100
        }
        return min(limit, 1000)
    }

    fileprivate mutating func order<Order: SortOrder>() -> Order {
        guard let text = take("sort") else { return Order.allCases[0] }
        guard let order = Order(rawValue: text) else {
            let choices = Order.allCases.map(\.rawValue).joined(separator: ", ")
            note("sort", "unknown_word", "Give one of: \(choices)")
            return Order.allCases[0]
        }
        return order
    }
}

extension Call {
    /// The form of a list, by `format` or by `Accept`.
    fileprivate mutating func form<Order>() throws(Problem) -> PageRequest<Order>.Form {
        let excel = query.take("csv_for")
        if let excel, excel != "excel" {
            query.note("csv_for", "unknown_word", "Give excel")
        } else if excel != nil, query.value(of: "format") != "csv" {
            query.note("csv_for", "without_csv", "Give format=csv as well")
        }
        let csv: PageRequest<Order>.Form = excel == nil ? .csv : .csvForExcel
        switch query.take("format") {
        case "csv": return csv
        case "json": return .json
        case nil:
            return try preferred(of: ["application/json", "text/csv"]) == "text/csv" ? csv : .json
        default:
            query.note("format", "unknown_word", "Give json or csv")
            return .json
        }
    }
}
