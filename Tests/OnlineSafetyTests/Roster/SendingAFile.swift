import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// NDJSON and tables, read as they come.
@Suite struct `Sending a roster as a file` {
    private let ndjson = "application/x-ndjson"

    @Test func `a JSON object a line`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let lines = (0..<5_000).map { number in
            JSON.string(of: row("P\(number)", "pupil", "Kim", "Oak \(number)"))
        }
        let text = lines.joined(separator: "\n")
        let sent = try office.file(text + "\r\n\n", as: ndjson, "?mode=full")
        #expect(sent.status == 201 && sent.number("added") == 5_000)
        #expect(sent["form"] == "ndjson")
        let cut = try office.file(String(text.dropLast(20)), as: ndjson)
        #expect(cut.status == 422 && cut.faults == ["/rows/4999": "json_syntax"])
        #expect(try register.database.number("select count(*) from roster_row") == 0)
    }

    /// The heads of the columns as different MIS name them.
    @Test(arguments: [
        ("Pupil ID,Forename,Surname,Reg,NC Year,DOB,UPN,Date of leaving", "utf-8", ","),
        ("Adno;Legal forename;Legal surname;Class;Year;Date of birth;UPN;DOL", "utf-8", ";"),
        (
            "external_id\tgiven_name\tfamily_name\tclass_name\tyear_group\tdate_of_birth\tupn\t"
                + "left_on", "windows-1252", "\t"
        ),
        ("MIS_ID,First name,Last Name,Form,Year Group,dob,upn,Leaving date", "with a mark", ","),
    ])
    func `a table whose heads an MIS names`(
        heads: String, encoding: String, separator: String
    ) async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let cells = ["17", "Zoë", "\"O\"\"Neil\"", "4A", "Year 4", "9/3/2016", "B801200005001", ""]
        let text = "\(heads)\r\n\(cells.joined(separator: separator))\r\n"
        var bytes = Array(text.utf8)
        if encoding == "windows-1252" {
            bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        }
        if encoding == "with a mark" { bytes = [0xEF, 0xBB, 0xBF] + bytes }
        let sent = try office.file(bytes, "?kind=pupil")
        #expect(sent.status == 201, "\(sent.text)")
        let person = try #require(try office.known("17"))
        #expect(person["given_name"]?.text == "Zoë")
        #expect(person["family_name"]?.text == "O\"Neil")
        #expect(person["year_group"]?.text == "4" && person["class_name"]?.text == "4A")
        let whole = try office.get("/v1/people/\(person["id"]?.text ?? "")")
        #expect(whole["date_of_birth"] == "2016-03-09" && whole["upn"] == "B801200005001")
    }

    @Test func `a table of contacts has a line for each parent and child`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster([
            row("P1"), row("P2", "pupil", "Lou", "Oak", [("upn", "B801200005001")]),
        ])
        let contacts = """
            Contact ID,Forename,Surname,Pupil ID,UPN,Relationship,Parental responsibility,\
            Court order
            C1,Amira,Oak,P1,,Mother,Yes,
            C1,Amira,Oak,,B801200005001,Mother,Yes,
            C2,Ben,Oak,P1,,Father,No,Yes
            """
        let sent = try office.file(contacts)
        #expect(sent.status == 201 && sent.number("added") == 2, "\(sent.text)")
        #expect(sent.number("links_added") == 3)
        let child = try #require(try office.known("P1")?["id"]?.text)
        let links = try office.get("/v1/people/\(child)/links").data
        #expect(links.count { $0["no_contact"] == .bool(true) } == 1)
        let other = contacts.replacing("C1,Amira,Oak,,", with: "C1,Anna,Oak,,")
        #expect(
            try office.file(other).faults == [
                "/rows/0/external_id": "duplicate_external_id",
                "/rows/1/external_id": "duplicate_external_id",
            ])
    }

    /// Each refuses the file as a whole, with words for it, and nothing is kept of it.
    @Test func `what is no roster is refused at once`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let heads = "id,kind,forename,surname"
        let many = (0..<1_000_000).map { "c\($0)" }.joined(separator: ",")
        let cases: [(file: [UInt8], place: String, code: String)] = [
            ([], "", "empty_file"),
            ([0xFF, 0xFE] + Array(heads.utf8), "", "wrong_encoding"),
            (heads.utf8.flatMap { [0, $0] }, "", "wrong_encoding"),
            (Array("id,forename,surname\n".utf8), "/kind", "missing_column"),
            (Array("id,kind,forename,first name,surname\n".utf8), "/given_name", "repeated_column"),
            (Array(many.utf8), "/1", "too_many_columns"),
            (Array("\(heads)\nP1,pupil,\"Kim,Oak\nP2,p,L,O\n".utf8), "/2", "unterminated_quote"),
            (Array("\(heads)\nP1,pupil,\"Kim\"x,Oak\n".utf8), "/2", "text_behind_quote"),
            (
                Array("\(heads)\nP1,pupil,\(String(repeating: "a", count: 70_000)),Oak".utf8),
                "/2", "line_too_long"
            ),
            (
                // Many pieces in which nothing ends.
                Array("\(heads)\nP1,pupil,\"\(String(repeating: "a", count: 300_000))".utf8),
                "/2", "line_too_long"
            ),
            (Array("\(heads)\nP1,pupil,Kim,Oak\nP2,pup".utf8), "/rows/1", "wrong_number_of_fields"),
        ]
        for (file, place, code) in cases {
            let told = try office.file(file)
            #expect(told.status == 422 && told.faults[place] == code, "\(code): \(told.text)")
        }
        #expect(try office.known("P1") == nil)
        #expect(try register.database.number("select count(*) from roster_row") == 0)
        #expect(try office.file("x", as: "text/csv; charset=utf-16").status == 415)
        let zip = try office.file("x", as: "application/zip")
        #expect(zip.status == 415)
        // What is taken here, which elsewhere is JSON alone.
        for type in ["application/json", "text/csv", "application/x-ndjson"] {
            #expect(zip["detail"]?.contains(type) == true, "\(type)")
        }
    }

    @Test func `a row that fails in the middle of a full one leaves all as it was`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let heads = "id,kind,forename,surname,DOB\n"
        let good = (0..<4_000).map { "P\($0),pupil,Kim,Oak,2016-03-09\n" }.joined()
        #expect(try office.file(heads + good, "?mode=full").number("added") == 4_000)
        let bad = good.replacing("P3000,pupil,Kim,Oak,2016", with: "P3000,elf,,Oak,1616")
        let told = try office.file(heads + "N1,pupil,New,Oak,\n" + bad, "?mode=full")
        #expect(
            told.faults == [
                "/rows/3001/kind": "unknown_word", "/rows/3001/given_name": "blank",
                "/rows/3001/date_of_birth": "date",
            ])
        #expect(told.text.contains("Line 3003: "))
        #expect(try office.known("N1") == nil)
        let partial = try office.file(
            heads + "N1,pupil,New,Oak,\n" + bad, "?mode=full&partial=true")
        #expect(partial.status == 207 && partial.number("refused") == 1, "\(partial.text)")
        #expect(partial.number("added") == 1 && partial.number("unchanged") == 3_999)
        // Whose row is refused is not missing.
        #expect(partial.number("leavers") == 0)
        #expect(try office.known("P3000") != nil)
    }

    /// However much is doubtful, what is wrong is told.
    @Test func `a thousand warnings leave room for an error`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let doubtful = (0..<1_200).map { "P\($0),pupil,Kim,Oak,wrong\n" }.joined()
        let told = try office.file("id,kind,forename,surname,upn\n\(doubtful)X,elf,Kim,Oak,\n")
        #expect(told.status == 422 && told.faults == ["/rows/1200/kind": "unknown_word"])
    }

    /// A name without a head is no head: where the heads are missing, none of it is told again.
    @Test func `a column that nobody knows is left out, and told by its place`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let sent = try office.file("id,kind,forename,surname,Shoe\nP1,pupil,Kim,Oak,4\n")
        #expect(sent.status == 201 && sent.issues == ["1 unknown_column"])
        let bare = try office.file("P1,pupil,Kim,Oak\n")
        #expect(bare.status == 422 && !bare.text.contains("Oak"))
    }

    @Test func `who may not write the roster sends nothing of it`() async throws {
        let register = try await Register.open()
        for role in [Role.dsl, .staff, .governor] {
            #expect(try register.as(role).file("id\n").status == 403)
        }
        #expect(try register.nobody.file("id\n").status == 401)
        let other = register.as(.office, at: .rosehip)
        #expect(try other.file("id,kind,forename,surname\nP1,pupil,A,B\n").status == 404)
    }

    /// In chunks of any size, with what comes between read as it comes.
    @Test func `a file in chunks, and one that breaks off`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let text =
            "id,kind,forename,surname\n"
            + (0..<200).map { "P\($0),pupil,Kim,Oak\n" }.joined()
        let head =
            "POST \(Visitor.path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            + "Authorization: Bearer \(office.token ?? "")\r\nTransfer-Encoding: chunked\r\n\r\n"
        var chunks = ""
        for piece in stride(from: 0, to: text.utf8.count, by: 7) {
            let part = String(decoding: Array(text.utf8).dropFirst(piece).prefix(7), as: UTF8.self)
            chunks += "\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n"
        }
        let cut = try ClientSocket(port: register.port)
        try cut.send(Array((head + chunks.prefix(900)).utf8))
        cut.finishSending()
        #expect(try Reading(cut.readToEnd()).status == 400)
        #expect(try office.known("P1") == nil)
        let whole = try ClientSocket(port: register.port)
        try whole.send(Array((head + chunks + "0\r\n\r\n").utf8))
        let told = try Reading(whole.readToEnd())
        #expect(told.status == 201 && told.number("added") == 200)
        #expect(told.header("connection") == "close")
    }
}
