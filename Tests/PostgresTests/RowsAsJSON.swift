import Bytes
import Testing

@testable import Postgres

@Suite struct `Rows as JSON` {
    private func json(of sql: SQL, _ write: @Sendable (Answer, inout ByteBuffer) -> Void)
        async throws -> String
    {
        try await TestDatabase().pool { pool in
            let answer = try await pool.read(sql)
            var output = ByteBuffer()
            write(answer, &output)
            return String(decoding: output.bytes, as: UTF8.self)
        }
    }

    private func json(of sql: SQL) async throws -> String {
        try await json(of: sql) { $0.appendJSON(row: 0, to: &$1) }
    }

    @Test func `every type has its form`() async throws {
        let json = try await json(
            of: """
                select 'a"b\\c' || chr(10) || '🌳' as text, 'v'::varchar(5) as varchar,
                    'c'::char(3) as char, '{"a": [1]}'::jsonb as jsonb, '[1, 2]'::json as json,
                    '00112233-4455-6677-8899-aabbccddeeff'::uuid as uuid, true as yes,
                    (-32768)::int2 as int2, (-2147483648)::int4 as int4,
                    9223372036854775807::int8 as int8, 0.1::float8 as float8, 1.5::float4 as float4,
                    '2026-03-01 09:00:00.123456+01'::timestamptz as moment,
                    '2024-02-29'::date as day, '07:05'::time as time, null::text as nothing
                """)
        #expect(
            json == #"{"text":"a\"b\\c\n🌳","varchar":"v","char":"c  ","jsonb":{"a": [1]},"#
                + #""json":[1, 2],"uuid":"00112233-4455-6677-8899-aabbccddeeff","yes":true,"#
                + #""int2":-32768,"int4":-2147483648,"int8":9223372036854775807,"float8":0.1,"#
                + #""float4":1.5,"moment":"2026-03-01T08:00:00.123Z","day":"2024-02-29","#
                + #""time":"07:05","nothing":null}"#)
    }

    @Test func `arrays hold what their elements are`() async throws {
        let json = try await json(
            of: """
                select array['a', null, '"'] as texts, '{}'::text[] as none, array[1, -2] as ints,
                    array['00112233-4455-6677-8899-aabbccddeeff'::uuid] as ids,
                    array[true, false] as bools, array['2026-01-02'::date] as days
                """)
        #expect(
            json == #"{"texts":["a",null,"\""],"none":[],"ints":[1,-2],"#
                + #""ids":["00112233-4455-6677-8899-aabbccddeeff"],"bools":[true,false],"#
                + #""days":["2026-01-02"]}"#)
    }

    @Test(arguments: [
        "0", "0.00", "1", "-1.50", "12345.6789", "10000", "100000000.0001", "0.0001", "0.00001",
        "-0.123456789", "99999999999999999999.99", "1000000", "20000.0002", "123456789012",
    ])
    func `a numeric is written digit for digit`(number: String) async throws {
        let json = try await json(of: "select \(number)::numeric as n")
        #expect(json == "{\"n\":\(number)}")
    }

    @Test func `days and moments at the edges are dates or infinities`() async throws {
        let json = try await json(
            of: """
                select 'infinity'::date as a, '-infinity'::date as b, '9999-12-31'::date as c,
                    '0001-01-01'::date as d, '10000-01-01'::date as e, '0001-12-31 BC'::date as f,
                    'infinity'::timestamptz as g, '-infinity'::timestamptz as h,
                    '9999-12-31 23:59:59.999999Z'::timestamptz as i,
                    '0001-01-01 00:00Z'::timestamptz as j, '10000-01-01 00:00Z'::timestamptz as k,
                    '1999-12-31 23:59:59.9Z'::timestamptz as l, '2000-01-01'::date as m
                """)
        #expect(
            json == #"{"a":"infinity","b":"-infinity","c":"9999-12-31","d":"0001-01-01","#
                + #""e":"infinity","f":"-infinity","g":"infinity","h":"-infinity","#
                + #""i":"9999-12-31T23:59:59.999Z","j":"0001-01-01T00:00:00.000Z","k":"infinity","#
                + #""l":"1999-12-31T23:59:59.900Z","m":"2000-01-01"}"#)
    }

    @Test func `what is not a number is text`() async throws {
        let json = try await json(
            of: """
                select 'NaN'::float8 as a, '-infinity'::float8 as b, 'NaN'::numeric as c,
                    'infinity'::numeric as d, 1e300::float8 as e, '-infinity'::numeric as f
                """)
        #expect(
            json == #"{"a":"NaN","b":"-Infinity","c":"NaN","d":"Infinity","e":1e+300,"#
                + #""f":"-Infinity"}"#)
    }

    @Test func `columns that begin with an underscore are for the program only`() async throws {
        let hidden = try await json(of: "select 1 as _a, 2 as b, '1 day'::interval as _c, 3 as d")
        #expect(hidden == #"{"b":2,"d":3}"#)
        let all = try await json(of: "select 1 as _a")
        #expect(all == "{}")
    }

    @Test func `nulls can be left out`() async throws {
        let json = try await json(of: "select null::int as a, 1 as b, null::int as c, 2 as d") {
            $0.appendJSON(row: 0, omittingNulls: true, to: &$1)
        }
        #expect(json == #"{"b":1,"d":2}"#)
    }

    @Test func `a list has at most so many rows`() async throws {
        let list: SQL = "select n from generate_series(1, 3) n"
        let all = try await json(of: list) { $0.appendJSON(to: &$1) }
        #expect(all == #"[{"n":1},{"n":2},{"n":3}]"#)
        let two = try await json(of: list) { $0.appendJSON(limit: 2, to: &$1) }
        #expect(two == #"[{"n":1},{"n":2}]"#)
        let none = try await json(of: list) { $0.appendJSON(limit: 0, to: &$1) }
        #expect(none == "[]")
    }

    @Test func `a type without a form is named`() async throws {
        try await TestDatabase().pool { pool in
            let answer = try await pool.read("select 1 as a, '1 day'::interval as length")
            #expect(answer.layout?.unwritable?.contains("length of type unknown(1186)") == true)
        }
    }
}
