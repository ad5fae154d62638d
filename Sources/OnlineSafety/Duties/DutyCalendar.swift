import Bytes
import OpenAPI
import Postgres

/// What somebody has to do, as a calendar (RFC 5545): so many things of a kind on a day, and no
/// more than that. It lies on telephones, and with those who keep calendars for others.
struct DutyCalendar: Reply {
    /// When it was made, as a calendar writes it, and the last day on which its address answers.
    private let moment: String
    private let endsOn: String
    private let answer: Answer

    static let route: Route = .get(
        "/v1/calendar/{secret}.ics", "Read a calendar of duties",
        """
        For a calendar program that was given the address of a calendar link. On each day how many \
        things of a kind its owner has to do, in the words of the vocabulary `duty_kinds`; what is \
        overdue stands on today. No name, no label, nothing of any record. At most 500 days and \
        kinds, until 400 days ahead. Each address may ask so often (429); a link that has ended is \
        like one that never was (404).
        """,
        for: nil, by(read))

    static func read(
        _ secret: CalendarSecret, _: PublicAsking, in tx: Transaction
    ) async throws -> DutyCalendar {
        let known = try await tx.run(
            "select * from enter_calendar(\(secret.hash), \(secret.requestID))")
        guard let moment = known.text(0, "moment"), let endsOn = known.text(0, "ends_on") else {
            throw Problem(.notFound)
        }
        return DutyCalendar(
            moment: moment, endsOn: endsOn,
            answer: tx.add(
                """
                select duty.kind, day.is_overdue, count(*) as number,
                    to_char(day.shown_on, 'YYYYMMDD') as shown_on,
                    md5(concat_ws(
                        ' ', caller_account(), duty.kind,
                        case when not day.is_overdue then day.shown_on end)) as id
                from duties_of(
                    array(select school.id from school where caller_seats() ? school.id::text), null
                ) as duty
                cross join lateral (
                    select duty.due_on < london_today() as is_overdue,
                        greatest(duty.due_on, london_today()) as shown_on
                ) as day
                where duty.due_on <= london_today() + 400
                    and case
                        when duty.person_id is null
                            then caller_seats() -> duty.school_id::text ?| duty.roles
                        else caller_is(duty.school_id, duty.person_id) end
                group by duty.kind, day.is_overdue, day.shown_on
                order by day.shown_on, day.is_overdue desc, duty.kind
                limit 500
                """))
    }

    var type: StaticString? { "text/calendar; charset=utf-8" }

    func write(to output: inout ByteBuffer, _ call: Call) {
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rowan//Duties//EN"] {
            write(line, to: &output)
        }
        for line in ["METHOD:PUBLISH", "NAME:Online safety", "X-WR-CALNAME:Online safety"] {
            write(line, to: &output)
        }
        write("REFRESH-INTERVAL;VALUE=DURATION:PT12H", to: &output)
        let words = Dictionary(
            areas.flatMap(\.duties).map { ($0.kind, $0.words) }, uniquingKeysWith: { one, _ in one }
        )
        for row in 0..<answer.count {
            let what = answer.text(row, "kind").flatMap { words[$0] } ?? "Something is due"
            let number = answer.int(row, "number") ?? 1
            let isOverdue = answer.bool(row, "is_overdue") == true
            event(
                answer.text(row, "id") ?? "", on: answer.text(row, "shown_on") ?? "",
                (isOverdue ? "Overdue: " : "") + what + (number > 1 ? " (\(number))" : ""),
                to: &output)
        }
        event("end", on: endsOn, "The address of this calendar ends: make another", to: &output)
        write("END:VCALENDAR", to: &output)
    }

    private func event(
        _ id: String, on day: String, _ words: String, to output: inout ByteBuffer
    ) {
        write("BEGIN:VEVENT", to: &output)
        write("UID:\(id)@rowan.invalid", to: &output)
        write("DTSTAMP:\(moment)", to: &output)
        write("DTSTART;VALUE=DATE:\(day)", to: &output)
        write("SUMMARY:\(Self.escaped(words))", to: &output)
        write("TRANSP:TRANSPARENT", to: &output)
        write("END:VEVENT", to: &output)
    }

    /// RFC 5545 section 3.3.11.
    private static func escaped(_ words: String) -> String {
        words.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
    }

    /// Lines of at most 75 octets, what is longer goes on after a space (RFC 5545 section 3.1). All
    /// that stands in them is ASCII.
    private func write(_ line: String, to output: inout ByteBuffer) {
        var rest = Substring(line)
        var room = 75
        while rest.utf8.count > room {
            output.append("\(rest.prefix(room))\r\n ")
            (rest, room) = (rest.dropFirst(room), 74)
        }
        output.append("\(rest)\r\n")
    }

    static func describe(_ operation: inout OperationWords) {
        operation.refuses(.notFound)
        operation.answersText(
            "A calendar (RFC 5545).", as: "text/calendar",
            example: """
                BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rowan//Duties//EN\r\nEND:VCALENDAR\r\n
                """)
    }
}

/// The secret part of a calendar's address. What cannot be one is like one that never was.
struct CalendarSecret: Argument {
    let hash: [UInt8]
    let requestID: String

    static func take(from call: inout Call) throws -> CalendarSecret {
        let ending = ".ics"
        guard let value = call.pathValues.next(), value.count <= 200 else {
            throw Problem(.notFound)
        }
        let text = String(decoding: value, as: UTF8.self)
        guard text.hasSuffix(ending) else { throw Problem(.notFound) }
        return CalendarSecret(
            hash: BearerToken(String(text.dropLast(ending.count))).hash,
            requestID: call.requestID.string)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takesPathValue(
            .text(maxLength: 196), example: "rwn_calendar_5f0c2a9be1d47c38_q9Zk")
    }
}
