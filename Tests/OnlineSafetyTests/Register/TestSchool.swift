import Crypto
import FoundationEssentials

@testable import OnlineSafety
@testable import Postgres

/// A school in which one person holds each role, and nobody two.
struct TestSchool: Sendable {
    let id: UUID
    let name: String
    let trust: UUID

    static let hedgerow = uuid(1)
    static let island = uuid(2)

    static let hawthorn = TestSchool(id: uuid(101), name: "Hawthorn", trust: hedgerow)
    static let rosehip = TestSchool(id: uuid(102), name: "Rosehip", trust: hedgerow)
    static let lighthouse = TestSchool(id: uuid(103), name: "Lighthouse", trust: island)
    static let all = [hawthorn, rosehip, lighthouse]

    /// The account of whoever holds a role here.
    func account(_ role: Role) -> UUID { Self.uuid(number(role) + 10_000) }
    func person(_ role: Role) -> UUID { Self.uuid(number(role) + 20_000) }
    func seat(_ role: Role) -> UUID { Self.uuid(number(role) + 30_000) }
    func token(_ role: Role) -> String { "rwn_session_\(name)_\(role.rawValue)" }
    func email(_ role: Role) -> String { "\(role.rawValue)@\(name).example".lowercased() }
    var pupil: UUID { Self.uuid(Int(id.uuid.15) * 100 + 40_000) }

    private func number(_ role: Role) -> Int {
        Int(id.uuid.15) * 100 + (Role.allCases.firstIndex(of: role) ?? 0)
    }

    /// An id that says in a failing test's output whose it is.
    private static func uuid(_ number: Int) -> UUID {
        var bytes = UUID.zero
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for index in 0..<4 {
                bytes[15 - index] = UInt8(truncatingIfNeeded: number >> (8 * index))
            }
            bytes[6] = 0x70
            bytes[8] = 0x80
        }
        return UUID(uuid: bytes)
    }

    // MARK: - Into the template

    static let password = "a long password for tests"

    /// Everybody, with a session each.
    static func people(on connection: DirectConnection) throws {
        let hash = Scrypt.hash(password: password)
        for trust in [hedgerow, island] {
            _ = try connection.run("insert into trust (id, name) values (\(trust), 'Trust')")
        }
        for school in all { try school.people(on: connection, hash) }
    }

    private func people(on connection: DirectConnection, _ hash: String) throws {
        _ = try connection.run(
            "insert into school (id, name) values (\(id), \(name))")
        _ = try connection.run(
            """
            insert into membership (school_id, trust_id, from_on)
            values (\(id), \(trust), '2020-01-01')
            """)
        _ = try connection.run(
            """
            insert into person (
                school_id, id, kind, given_name, family_name, year_group, created_at)
            values (\(id), \(pupil), 'pupil', 'Robin', \("Ash of " + name), '5', '2020-01-01')
            """)
        for role in Role.allCases { try add(role, on: connection, hash) }
    }

    private func add(_ role: Role, on connection: DirectConnection, _ hash: String) throws {
        _ = try connection.run(
            """
            insert into account (id, name, email, password_hash)
            values (\(account(role)), \(role.label), \(email(role)), \(hash))
            """)
        _ = try connection.run(
            """
            insert into session (token_hash, id, account_id, ends_at, stepped_up_until)
            values (
                \(BearerToken(token(role)).hash), \(UUID()), \(account(role)),
                rowan_now() + interval '10 years', rowan_now() + interval '10 years')
            """)
        if !role.isOfASchool {
            _ = try connection.run(
                """
                insert into trust_seat (trust_id, id, account_id, role, from_on)
                values (\(trust), \(seat(role)), \(account(role)), \(role), '2020-01-01')
                """)
        } else {
            try addSeat(role, on: connection)
        }
    }

    private func addSeat(_ role: Role, on connection: DirectConnection) throws {
        _ = try connection.run(
            """
            insert into person (
                school_id, id, kind, given_name, family_name, account_id, created_at)
            values (\(id), \(person(role)), 'teacher', 'The', \(role.label), \(account(role)),
                '2020-01-01')
            """)
        _ = try connection.run(
            """
            insert into seat (
                school_id, id, account_id, person_id, role, telephone, from_on, until_on, ends_at)
            select \(id), \(seat(role)), \(account(role)), \(person(role)), \(role),
                '01632 960000', '2020-01-01',
                case when \(role == .temporaryStaff) then date '2100-01-01' end,
                case when \(role == .temporaryStaff) then timestamptz '2100-01-01' end
            """)
    }
}
