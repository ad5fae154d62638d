import Bytes
import Foundation
import Glibc
import Testing

@testable import OnlineSafety
@testable import Postgres

/// How checkpoints are written, and by whom they can be read.
@Suite struct `Keeping checkpoints` {
    /// C2SP's signed-note, with an Ed25519 signature: checked by OpenSSL's own program, from the
    /// bytes of the file and the public key alone.
    @Test func `signs what another program can check`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        _ = try register.as(.staff).report()
        try kept.add(from: register.database)
        let folder = try ScratchFolder()
        let note = try Array(kept.note(1).utf8)
        let gap = try #require((1..<note.count).last { note[$0] == 10 && note[$0 - 1] == 10 })
        let code = String(decoding: note[gap...], as: UTF8.self).split(separator: " ").last ?? ""
        let signature = try #require(
            Data(base64Encoded: code.trimmingCharacters(in: .newlines)))
        try Data(note[..<gap]).write(to: URL(fileURLWithPath: folder.path + "/text"))
        try signature.dropFirst(4).write(to: URL(fileURLWithPath: folder.path + "/signature"))
        let key = folder.path + "/key"
        try KeptCheckpoints.openssl("pkey -in \(kept.keyFile) -pubout -out \(key)", folder)
        let words =
            "pkeyutl -verify -pubin -inkey \(key) -rawin "
            + "-in \(folder.path)/text -sigfile \(folder.path)/signature"
        let checked = try KeptCheckpoints.openssl(words, folder)
        #expect(checked.0 == 0 && checked.1.contains("Signature Verified Successfully"))
        try folder.write("text", String(decoding: note[..<gap], as: UTF8.self) + "x", mode: 0o600)
        #expect(try KeptCheckpoints.openssl(words, folder).0 != 0)
    }

    @Test func `says only what has moved, and all of it each five hundredth time`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        for school in TestSchool.all { _ = try register.as(.staff, at: school).report() }
        try kept.add(from: register.database)
        _ = try register.as(.staff).report()
        try kept.add(from: register.database, times: 500)
        let lines = try [1, 2, 3, 500, 501].map { number in
            try #require(kept.book().file(number).checkpoint).heads.count
        }
        #expect(lines == [3, 1, 0, 0, 3])
        // Those before a full one may be put away.
        for number in 1...500 { try FileManager.default.removeItem(atPath: kept.file(number)) }
        try kept.add(from: register.database)
        #expect(try kept.faults(register.database) == [])
        #expect(kept.names == ["00000501.checkpoint", "00000502.checkpoint"])
    }

    @Test func `never writes over one that is there`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        _ = try register.as(.staff).report()
        let book = try kept.book()
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await apart {
                        for _ in 0..<5 { try kept.add(from: register.database) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(kept.names == (1...20).map(CheckpointBook.name))
        #expect(try kept.faults(register.database) == [])
        let first = try #require(book.file(1).checkpoint)
        #expect(try book.write(first) == false)
        let mode = try FileManager.default.attributesOfItem(atPath: kept.file(1))
        #expect(mode[.posixPermissions] as? Int == 0o440)
    }

    /// An older key's stay good, and who only verifies needs no private one.
    @Test func `goes on when the key is changed`() async throws {
        let register = try await Register.open()
        let (kept, newer) = (try KeptCheckpoints(), try KeptCheckpoints())
        _ = try register.as(.staff).report()
        try kept.add(from: register.database)
        let both = newer.pem + kept.pem
        try Checkpoints.add(
            to: kept.book(both), from: DirectConnection(register.database.workerURL))
        #expect(try kept.faults(register.database, both) == [])
        #expect(try kept.faults(register.database).count == 1)
        let folder = try ScratchFolder()
        let publicKeys = try [kept, newer].map {
            try KeptCheckpoints.openssl("pkey -in \($0.keyFile) -pubout", folder)
        }
        let pem = try #require(publicKeys.last).1
        #expect(try kept.faults(register.database, pem) == [])
        #expect(throws: CheckpointFault.self) {
            try Checkpoints.add(
                to: kept.book(pem), from: DirectConnection(register.database.workerURL))
        }
    }

    @Test func `is done each hour, and fails aloud`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        var configuration = ServiceConfiguration(
            pool: PoolConfiguration(url: register.database.workerURL))
        configuration.log = Log(to: .nowhere)
        let keeper = CheckpointKeeper(try kept.book(), configuration)
        keeper.start(each: 0.05, lookingEach: 0.01)
        #expect(try await eventually { kept.names.count >= 3 })
        await keeper.stop()
        let count = kept.names.count
        try await Task.sleep(for: .milliseconds(200))
        #expect(kept.names.count == count)
        try FileManager.default.removeItem(atPath: kept.path)
        await keeper.stop()
        var text = ByteBuffer()
        configuration.measures.write(to: &text)
        let told = String(decoding: text.bytes, as: UTF8.self)
        #expect(told.contains("rowan_checkpoints_total \(count)\n"))
        #expect(told.contains("rowan_checkpoints_failed_total 1\n"))
    }
}

/// The commands, and the worker, as an operator runs them.
@Suite struct `Checkpoints as an operator keeps them` {
    @Test func `are written by the worker when it starts and when it stops`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        _ = try register.as(.staff).report()
        let worker = try RunningWorker(register.database, mail: nil, kept.environment)
        #expect(try await eventually(within: 10) { kept.names == ["00000001.checkpoint"] })
        #expect(try await worker.isReady())
        _ = try register.as(.staff).report()
        worker.child.signal(SIGTERM)
        #expect(worker.child.wait() == 0)
        #expect(kept.names == ["00000001.checkpoint", "00000002.checkpoint"])
        let address = ["ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL]
        let verified = try Command(["audit", "verify"], kept.environment.merging(address) { $1 })
        #expect(verified.status == 0)
        #expect(verified.printed.contains("\n2 checkpoints, the newest of 2"))
    }

    @Test func `are written and verified by commands`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        let environment = kept.environment.merging(
            ["ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL]) { $1 }
        _ = try register.as(.staff).report()
        let added = try Command(["audit", "checkpoint"], environment)
        #expect((added.status, added.printed) == (0, "Checkpoint 1\n"))
        try register.database.execute(
            "set session_replication_role = replica; delete from event; delete from event_head")
        let found = try Command(["audit", "verify"], environment)
        #expect(found.status == 1 && found.printed.contains("has gone: entry 1"))
        let refused = try Command(["audit", "checkpoint"], environment)
        #expect(refused.status == 1 && refused.printed.contains("is not what was signed"))
        #expect(kept.names.count == 1)
    }

    @Test func `are refused with a key that everybody can read, or none`() async throws {
        let register = try await Register.open()
        let kept = try KeptCheckpoints()
        var environment = kept.environment.merging(
            ["ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL]) { $1 }
        for words in [["audit", "checkpoint"], ["audit", "verify"]] {
            #expect(chmod(kept.keyFile, 0o644) == 0)
            let open = try Command(words, environment)
            #expect(open.status == 1 && open.printed.contains("everybody can read it"))
            #expect(chmod(kept.keyFile, 0o600) == 0)
        }
        environment["ROWAN_CHECKPOINT_KEY_FILE"] = nil
        #expect(try Command(["audit", "verify"], environment).printed.contains("is not set"))
        environment["ROWAN_CHECKPOINT_KEY"] = "1 " + String(repeating: "0", count: 64)
        let odd = try Command(["audit", "checkpoint"], environment)
        #expect(odd.printed.contains("Ed25519 keys as openssl writes them"))
        environment["ROWAN_CHECKPOINT_KEY"] = kept.pem
        environment["ROWAN_CHECKPOINTS"] = "/nowhere"
        #expect(try Command(["audit", "verify"], environment).printed.contains("that is there"))
    }
}
