import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Rows of a file that are not read because they came before; whatever happens, that must show in
/// nothing but the time.
@Suite struct `Knowing the rows of a roster again` {
    /// The same files and the same edits to two registers, of which one never knows a row again.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `answers and leaves what reading everything would`(seed: UInt64) async throws {
        let registers = [try await Register.open(), try await Register.open()]
        let offices = registers.map { $0.as(.office) }
        var mis = MIS(seed: seed)
        var known = 0
        for _ in 0..<25 {
            mis.edit()
            let (file, type, query) = mis.file()
            let byHand = mis.editByHand()
            for register in registers { try register.database.execute(byHand) }
            known += try registers[0].database.number(Self.kept)
            try registers[1].database.execute("delete from roster_kept")
            let told = try offices.map { try $0.file(file, as: type, query) }
            #expect(told[0].status == told[1].status, "\(told[0].text) \(told[1].text)")
            #expect(Self.plain(told[0]) == Self.plain(told[1]), "\(query)\n\(file)")
            let left = try registers.map(Self.tables)
            try #require(left[0] == left[1], "\(query)\n\(file)")
        }
        #expect(known > 100)
        for register in registers {
            let unlike = try register.database.number(
                "select count(*) from roster_unlike_its_entry")
            #expect(unlike == 0)
            #expect(try register.database.number("select count(*) from roster_row") == 0)
        }
    }

    private static let kept: SQL =
        "select coalesce(sum(cardinality(persons)), 0) from roster_kept"

    /// What was answered, without ids and times.
    private static func plain(_ told: Reading) -> [String: String] {
        let numbers = [
            "rows", "added", "changed", "unchanged", "leavers", "returned", "missing", "expected",
            "links_added", "links_ended", "refused", "warned",
        ]
        var plain = told.faults
        for name in numbers { plain[name] = told.number(name).map { "\($0)" } }
        plain["issues"] = told.issues.sorted().joined(separator: ", ")
        return plain
    }

    /// Everything that a batch can alter, by the ids of the MIS.
    private static func tables(_ register: Register) throws -> String? {
        let found = try register.database.owner().run(
            """
            select string_agg(told, e'\\n' order by told) as told from (
                select concat_ws('|', 'now', external_id, version, kind, given_name, family_name,
                    year_group, class_name, upn, date_of_birth, left_on, roster_batch_id is null)
                from person
                union all
                select concat_ws('|', 'was', external_id, version, kind, given_name, family_name,
                    year_group, class_name, upn, date_of_birth, left_on, roster_batch_id is null)
                from person_version
                union all
                select concat_ws('|', 'left', person.external_id, leaving.left_on, returned_on)
                from leaving join person on person.school_id = leaving.school_id
                    and person.id = leaving.person_id
                union all
                select concat_ws('|', 'link', child, parent, from_on, until_on)
                from parent_link_shown
                union all
                select (to_jsonb(roster_batch) - array[
                    'id', 'applied_at', 'account_id', 'content_digest', 'salt'])::text
                from roster_batch
            ) as line (told)
            """)
        return found.text(0, "told")
    }

    /// Not one row of it is read, and still it says what it said.
    @Test func `a file of which nothing is new is heard all the same`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let heads = "id,kind,forename,surname,upn\n"
        let rows = (1...40).map {
            "P\($0),pupil,Kim,Oak,\($0 > 38 ? "B801200005001" : "")\n"
        }
        let file = heads + rows.joined()
        let first = try office.file(file, "?mode=full")
        #expect(first.number("added") == 40 && first.number("warned") == 2)
        // Those of the doubtful rows are read each time.
        #expect(try register.database.number(Self.kept) == 38)
        let plain = heads + rows.prefix(38).joined()
        try register.database.execute(
            "update person set family_name = 'Hand' where external_id = 'P1'")
        #expect(try office.file(plain).number("changed") == 1)
        #expect(try office.known("P1")?["family_name"] == "Oak")
        let less = try office.file(plain, "?mode=full")
        #expect(less.number("missing") == 2 && less.number("leavers") == 2, "\(less.text)")
        #expect(less.number("unchanged") == 38)
        let few = try office.file(heads + rows.prefix(10).joined(), "?mode=full")
        #expect(few.status == 409 && few.faults["confirm_leavers"] == "mass_leave_blocked")
    }

    /// Of digests that another batch has replaced nothing follows.
    @Test func `a file that was overtaken is sent again`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let heads = "id,kind,forename,surname\n"
        let old = (0..<5_000).map { "P\($0),pupil,Kim,Oak\n" }.joined()
        #expect(try office.file(heads + old).number("added") == 5_000)
        let new = heads + (0..<3_000).map { "N\($0),pupil,Kim,Oak\n" }.joined()
        let head =
            "POST \(Visitor.path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            + "Authorization: Bearer \(office.token ?? "")\r\nConnection: close\r\n"
            + "Content-Length: \(new.utf8.count + old.utf8.count)\r\n\r\n"
        let socket = try ClientSocket(port: register.port)
        try socket.send(Array((head + new).utf8))
        // Once some of it is put aside, the digests have been read.
        #expect(
            try await eventually(within: 20) {
                try register.database.number("select count(*) from roster_row") > 0
            })
        try register.database.execute("update roster_kept set batch_id = school_id")
        try socket.send(Array(old.utf8))
        let told = try Reading(socket.readToEnd())
        #expect(told.status == 409, "\(told.text)")
        #expect(try register.database.number("select count(*) from roster_row") == 0)
        #expect(try office.known("N0") == nil)
        #expect(try office.file(new + old).number("unchanged") == 5_000)
        #expect(try register.database.number(Self.kept) == 8_000)
        #expect(try office.file(new + old).number("unchanged") == 8_000)
    }
}

/// An MIS whose files change a little each night, in all ways in which they can.
private struct MIS {
    private struct Row {
        var kind = "pupil"
        var family = "Oak"
        var year = "4"
        var upn = ""
        var leftOn = ""
    }

    private var random: Seeded
    private var rows: [Int: Row] = [:]
    private var isJSON = false

    init(seed: UInt64) {
        random = Seeded(state: seed)
        for id in 0..<30 { rows[id] = Row(kind: id % 5 == 4 ? "parent" : "pupil") }
    }

    private mutating func chance(_ one: Int) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    mutating func edit() {
        isJSON = chance(6) ? !isJSON : isJSON
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let id = Int.random(in: 0..<40, using: &random)
            guard var row = rows[id] else {
                rows[id] = Row()
                continue
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: row.family = ["Oak", "Ash", "Elm"].randomElement(using: &random) ?? ""
            case 1: row.year = ["4", "Year 4", "5", ""].randomElement(using: &random) ?? ""
            case 2: row.upn = ["B801200005001", "wrong", ""].randomElement(using: &random) ?? ""
            case 3: row.leftOn = row.leftOn.isEmpty ? "2026-07-01" : ""
            case 4: row.kind = row.kind == "parent" ? "volunteer" : "parent"
            case 5: rows[id] = nil
            default: row.family += "e"
            }
            if rows[id] != nil { rows[id] = row }
        }
    }

    /// The rows as a file, in any order; at times with a row twice, or one that is faulty.
    mutating func file() -> (String, String, String) {
        var lines: [String] = []
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) where !chance(20) {
            lines.append(line(id, row))
            if chance(40) { lines.append(line(id, row)) }
            if chance(40) { lines.append(line(id, row).replacing("Kim", with: "Kay")) }
            if chance(40) { lines.append(line(id, row).replacing("Kim", with: " Kim ")) }
        }
        if chance(6) { lines.append(line(99, Row(year: "no year"))) }
        if chance(3) { lines.shuffle(using: &random) }
        let flags = ["mode=full", "mode=full&partial=true", "", "partial=true", "dry_run=true"]
        var query = "?\(flags.randomElement(using: &random) ?? "")"
        if chance(2) { query += "&confirm_leavers=\(Int.random(in: 1...8, using: &random))" }
        let heads = "id,kind,forename,surname,year,upn,left_on"
        let text = (isJSON ? lines : [heads] + lines).joined(separator: "\n")
        return (text, isJSON ? "application/x-ndjson" : "text/csv", query)
    }

    private func line(_ id: Int, _ row: Row) -> String {
        guard isJSON else {
            return "P\(id),\(row.kind),Kim,\(row.family),\(row.year),\(row.upn),\(row.leftOn)"
        }
        var more: [(String, JSONValue)] = [("upn", row.upn.isEmpty ? .null : .string(row.upn))]
        if !row.year.isEmpty { more.append(("year_group", .string(row.year))) }
        if !row.leftOn.isEmpty { more.append(("left_on", .string(row.leftOn))) }
        return JSON.string(of: OnlineSafetyTests.row("P\(id)", row.kind, "Kim", row.family, more))
    }

    /// What somebody at the school alters meanwhile.
    mutating func editByHand() -> String {
        let id = Int.random(in: 0..<40, using: &random)
        let edits = [
            "family_name = 'Hand'", "left_on = '2026-09-01'", "left_on = null",
            "upn = 'B801200005001'", "year_group = '6'",
        ]
        guard chance(2), let edit = edits.randomElement(using: &random) else { return "select 1" }
        return "update person set \(edit) where external_id = 'P\(id)'"
    }
}

/// The same numbers at every run (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
