import Foundation
import Testing

@testable import Postgres

@Suite struct `Values sent to PostgreSQL` {
    private static let texts = [
        "", "plain", "it's", "\"quoted\"", "back\\slash\\", "{a,b}", "NULL", "\u{1F333} ro\u{301}",
        "line\nfeed\ttab\r", "$1 %s ; drop table x --", "\u{7F}\u{80}\u{7FF}\u{FFFF}\u{10FFFF}",
    ]

    @Test func `text comes back byte for byte, alone and in an array`() async throws {
        try await TestDatabase().pool { pool in
            for text in Self.texts {
                let answer = try await pool.read("select \(text)::text as text")
                #expect(Array((answer.text(0, "text") ?? "-").utf8) == Array(text.utf8))
            }
            let answer = try await pool.read("select \(Self.texts)::text[] as texts")
            #expect(answer.texts(0, "texts") == Self.texts)
        }
    }

    @Test func `every type comes back as it was sent`() async throws {
        try await TestDatabase().pool { pool in
            let id = UUID()
            let bytes: [UInt8] = [0, 1, 92, 39, 255]
            let answer = try await pool.read(
                """
                select \(id)::uuid as id, \(Int.min)::int8 as least, \(-7)::int2 as two,
                    \(70_000)::int4 as four, \(true)::bool as yes, \(false)::bool as no,
                    \(bytes)::bytea as bytes, \(-0.1)::float8 as tenth, \([id, id])::uuid[] as ids,
                    \([1, -2])::int[] as ints, \(nil as String?)::text as nothing,
                    \([] as [String])::text[] as none, \(Colour.red)::text as colour
                """)
            #expect(answer.count == 1)
            #expect(answer.uuid(0, "id") == id)
            #expect(answer.int(0, "least") == Int.min)
            #expect(answer.int(0, "two") == -7)
            #expect(answer.int(0, "four") == 70_000)
            #expect(answer.bool(0, "yes") == true)
            #expect(answer.bool(0, "no") == false)
            #expect(answer.bytes(0, "bytes") == bytes)
            #expect(answer.double(0, "tenth") == -0.1)
            #expect(answer.uuids(0, "ids") == [id, id])
            #expect(answer.ints(0, "ints") == [1, -2])
            #expect(answer.isNull(0, "nothing"))
            #expect(answer.text(0, "nothing") == nil)
            #expect(answer.texts(0, "none") == [])
            #expect(answer.text(0, "colour") == "red")
        }
    }

    private enum Colour: String, SQLValue { case red }

    @Test func `nulls keep their places`() async throws {
        try await TestDatabase().pool { pool in
            let texts = [nil, "a", nil, nil, "", "b", nil]
            let nothing: Int? = nil
            let answer = try await pool.read(
                """
                select \(texts)::text[] = array[null, 'a', null, null, '', 'b', null] as same,
                    \(nothing)::int is null as missing, \(3 as Int?)::int as three
                """)
            #expect(answer.bool(0, "same") == true)
            #expect(answer.bool(0, "missing") == true)
            #expect(answer.int(0, "three") == 3)
        }
    }

    @Test func `a NUL is refused and nothing is sent`() async throws {
        let database = try TestDatabase("create table note (body text)")
        try await database.pool { pool in
            for value in ["a\0b", "\0"] {
                #expect(
                    await kind { try await pool.write("insert into note values (\(value))") }
                        == .invalidText)
                #expect(
                    await kind { try await pool.read("select \([value])::text[]") } == .invalidText)
            }
            let notes = try await pool.read("select * from note")
            #expect(notes.isEmpty)
        }
    }

    @Test func `statements are told apart by their literals and splices`() async throws {
        try await TestDatabase().pool { pool in
            let (one, two): (SQL, SQL) = ("\(1)::int", "\(2)::int + \(3)::int")
            for (part, sum) in [(one, 1), (two, 5), (one, 1)] {
                let answer = try await pool.read("select \(part) as sum")
                #expect(answer.int(0, "sum") == sum)
            }
            let all = [one, two, "4"].joined(separator: " + ")
            let answer = try await pool.read("select \(all) as sum")
            #expect(answer.int(0, "sum") == 10)
        }
    }
}
