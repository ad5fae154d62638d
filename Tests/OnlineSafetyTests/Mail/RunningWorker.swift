import Foundation
import Glibc

@testable import OnlineSafety

/// `rowan worker`, as an operator runs it, with a mail program that a test governs.
final class RunningWorker: Sendable {
    static let from = "register@hawthorn.example"
    static let link = "https://safety.hawthorn.example"

    let child: ChildProcess
    let folder: ScratchFolder
    let port: UInt16

    /// `mail` is the mail program's command; without one no mail is sent. `more` is added to the
    /// environment.
    init(_ database: TestDatabase, mail: String?, _ more: [String: String] = [:]) throws {
        folder = try ScratchFolder()
        port = try RunningService.freePort()
        var environment = [
            "ROWAN_WORKER_DATABASE_URL": database.workerURL, "ROWAN_WORKER_PORT": "\(port)",
            "PATH": "/usr/bin:/bin",
        ]
        if let mail {
            environment["ROWAN_MAIL_FROM"] = Self.from
            environment["ROWAN_PUBLIC_URL"] = Self.link
            environment["ROWAN_SENDMAIL"] = mail
        }
        child = try RunningService.start(environment.merging(more) { $1 }, folder, ["worker"])
    }

    func isReady() async throws -> Bool {
        try await eventually(within: 10) { (try? self.admin.get("/readyz").status) == 200 }
    }

    var admin: Visitor { Visitor(port: port, token: nil) }

    /// A figure of `/metrics`; `nil` while there is none yet.
    func figure(_ name: String) -> Int? {
        guard let metrics = try? admin.get("/metrics") else { return nil }
        return metrics.text.split(separator: "\n")
            .first { $0.hasPrefix("\(name) ") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}

/// A mail program in a few lines of shell, that keeps each mail as a file of its own, and what it
/// was given besides.
struct Letterbox: Sendable {
    let folder: ScratchFolder
    let command: String

    /// `first` is done before the mail is read; where it exits, the mail is not taken. `last` is
    /// done when it has arrived.
    init(first: String = "", last: String = "") throws {
        folder = try ScratchFolder()
        command = try folder.write(
            "sendmail",
            """
            #!/bin/sh
            echo "$@" >> '\(folder.path)/arguments'
            env >> '\(folder.path)/environment'
            ls -l /proc/$$/fd >> '\(folder.path)/descriptors'
            echo tried >> '\(folder.path)/tries'
            \(first)
            cat > '\(folder.path)/coming.'$$
            mv '\(folder.path)/coming.'$$ '\(folder.path)/mail.'$$
            \(last)

            """, mode: 0o700)
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)) ?? ""
    }

    var tries: Int { text("tries").split(separator: "\n").count }

    /// What has arrived.
    var mails: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix("mail.") }.sorted().map(text)
    }

    /// The answer to a test's wish: what `first` looks for.
    func put(_ name: String) throws { try folder.write(name, "", mode: 0o600) }
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
}
