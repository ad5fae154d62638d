import Bytes
import Foundation
import Glibc
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What was signed and kept outside the database finds what was altered in it as a whole: even by
/// somebody who makes every hash fit, and the heads (AUD-07).
@Suite struct `Checkpoints find` {
    /// Four entries, a checkpoint, three more, another.
    private static let deeds = [
        Damage(
            "an entry altered, and all that follows written anew with the head",
            "update event set deed = 'x' where number = 6;" + rewriting,
            finds: "was written anew: 00000002.checkpoint has another entry 7; the first that was "
                + "altered is one of 5 to 7"),
        Damage(
            "the first altered, and the whole chain written anew",
            "update event set roles = '{dsl}' where number = 1;" + rewriting,
            finds: "was written anew: 00000001.checkpoint has another entry 4; the first that was "
                + "altered is one of 1 to 4"),
        Damage(
            "one taken out, the rest moved up and written anew",
            "delete from event where number = 2; update event set number = number - 1 "
                + "where number > 2;" + rewriting,
            finds: "00000001.checkpoint has another entry 4"),
        Damage(
            "one put in, the rest moved on and written anew",
            """
            update event set number = number + 100 where number >= 5;
            insert into event select organisation_id, chain, 5, at, form, account_id, session_id,
                client_id, roles, deed, record_kind, record_ids, version, request_id, digest, hash
            from event where number = 4;
            update event set number = number - 99 where number > 100;
            """ + rewriting,
            finds: "00000002.checkpoint has another entry 7; the first that was altered is one of 5"
        ),
        Damage(
            "the last taken out, with the head put back",
            "delete from event where number > 5;" + rewriting,
            finds: "ends at 5: entry 6 has gone; 00000002.checkpoint has 7"),
        Damage(
            "all entries taken out, the head left at nothing",
            "delete from event; update event_head set number = 0, hash = ''",
            finds: "ends at 0: entry 1 has gone"),
        Damage(
            "the chain taken out with its head", "delete from event; delete from event_head",
            finds: "has gone: entry 1 and what followed; 00000002.checkpoint has 7"),
        Damage(
            "the chain given to another school",
            """
            update event set organisation_id = '\(TestSchool.rosehip.id)';
            update event_head set organisation_id = '\(TestSchool.rosehip.id)';
            """ + rewriting,
            finds: "\(TestSchool.hawthorn.id) changes: has gone"),
    ]

    /// Every hash and every head made to fit, as whoever may do everything could.
    private static let rewriting = """
        do $$
        declare
            one event;
            last bytea;
        begin
            for one in select * from event order by organisation_id, chain, number loop
                last := sha256(case when one.number = 1 then '' else last end || event_bytes(one));
                update event set hash = last
                where organisation_id = one.organisation_id and chain = one.chain
                    and number = one.number;
                update event_head set number = one.number, hash = last
                where organisation_id = one.organisation_id and chain = one.chain;
            end loop;
        end $$
        """

    @Test(arguments: deeds)
    func `what fits by itself, and name the first bad entry (AUD-07)`(damage: Damage) async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        for count in [4, 3] {
            for _ in 0..<count { _ = try register.as(.staff).report() }
            try kept.add(from: register.database)
        }
        #expect(try kept.faults(register.database) == [])
        try register.database.execute("set session_replication_role = replica; " + damage.script)
        let alone = try AuditChains.verify(register.database.owner())
        #expect(ofChains(alone.faults) == [], "the rows alone show it")
        let found = try ofChains(kept.faults(register.database))
        #expect(found.count == 1 && found[0].contains(damage.found), "\(found)")
        #expect(found.first?.contains("\(TestSchool.hawthorn.id) changes") == true)
        // Nor is any of it signed from now on.
        _ = try register.as(.staff).report()
        #expect(throws: CheckpointFault.self) { try kept.add(from: register.database) }
        #expect(kept.names.count == 2)
    }

    /// Whoever alters entries alters the records that they cover, too.
    private func ofChains(_ faults: [String]) -> [String] {
        faults.filter { !$0.hasSuffix("does not say what its entry covers") }
    }

    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let found: String
        let make: @Sendable (KeptCheckpoints) throws -> Void

        init(
            _ words: String, finds found: String,
            _ make: @escaping @Sendable (KeptCheckpoints) throws -> Void
        ) { (testDescription, self.found, self.make) = (words, found, make) }
    }

    private static let forgeries = [
        Forgery("one altered", finds: "00000002.checkpoint is not genuine") { kept in
            let note = try kept.note(2)
            try kept.write(note.replacing(" changes 2 ", with: " changes 1 "), as: 2)
        },
        Forgery("one signed with another key", finds: "00000002.checkpoint is not genuine") {
            let other = try KeptCheckpoints()
            let text = try $0.book().keys.text(of: $0.note(2)) ?? ""
            try $0.write(other.book().keys.signed(text) ?? "", as: 2)
        },
        Forgery("one without a signature", finds: "00000002.checkpoint is not genuine") {
            try $0.write($0.book().keys.text(of: $0.note(2)) ?? "", as: 2)
        },
        Forgery("one cut short", finds: "00000002.checkpoint is not genuine") {
            try $0.write(String($0.note(2).dropLast(9)), as: 2)
        },
        Forgery("one emptied", finds: "00000002.checkpoint is not genuine") {
            try $0.write("", as: 2)
        },
        Forgery("one taken out", finds: "00000002.checkpoint is missing") {
            try FileManager.default.removeItem(atPath: $0.file(2))
        },
        Forgery("one in another's place", finds: "00000002.checkpoint is not genuine") {
            try $0.write($0.note(1), as: 2)
        },
        Forgery("one signed anew", finds: "00000003.checkpoint does not follow") {
            let text = try $0.book().keys.text(of: $0.note(2)) ?? ""
            let later = text.replacing(#/at 2.*Z/#, with: "at 2020-01-01T00:00:00.000Z")
            try $0.write($0.book().keys.signed(later) ?? "", as: 2)
        },
    ]

    @Test(arguments: forgeries)
    func `what was done to themselves (AUD-07)`(forgery: Forgery) async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        for _ in 0..<3 {
            _ = try register.as(.staff).report()
            try kept.add(from: register.database)
        }
        #expect(try kept.faults(register.database) == [])
        try forgery.make(kept)
        let found = try kept.faults(register.database)
        #expect(found.first?.hasPrefix(forgery.found) == true, "\(found)")
    }
}
