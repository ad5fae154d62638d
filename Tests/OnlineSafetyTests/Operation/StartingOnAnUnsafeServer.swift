import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

@Suite struct `Starting on an unsafe server` {
    @Test func `is refused where a power cut would harm it`() async throws {
        let cluster = try await PrivateCluster()
        let server = try await cluster.start(["fsync=off", "full_page_writes=off"])
        defer { withExtendedLifetime(server) {} }
        try cluster.people()
        let folder = try ScratchFolder()
        let run = try Command(
            ["serve"], RunningService.environment(cluster.url("rowan_service"), folder))
        #expect(run.status == 1)
        #expect(run.printed.contains("fsync is off"))
        #expect(run.printed.contains("full_page_writes is off"))
        #expect(!run.printed.contains("log_"))
    }

    /// The roles are told to be silent by the migration, as far as whoever migrates may say so.
    @Test func `is safe where the server logs everything, because the service's role does not`()
        async throws
    {
        let cluster = try await PrivateCluster()
        let server = try await cluster.start([
            "log_statement=all", "log_min_duration_statement=0", "log_min_messages=debug1",
            "log_parameter_max_length_on_error=-1", "log_transaction_sample_rate=1",
        ])
        defer { withExtendedLifetime(server) {} }
        try cluster.people()
        let owner = try DirectConnection(cluster.url("postgres"))
        try owner.execute(
            script: """
                alter table report add constraint breaks check (evidence <> 'Canary-Evidence')
                """)
        let service = try RunningService(cluster.url("rowan_service"))
        #expect(try await service.isReady())
        let staff = service.as(.staff)
        #expect(try staff.report("Canary-Description", .child).status == 201)
        let failed = try staff.report("Canary-Failed", .child, ("evidence", "Canary-Evidence"))
        #expect(failed.status == 500)
        #expect(try owner.run("select \("Canary-Control")").count == 1)
        let log = try String(contentsOfFile: cluster.folder.path + "/log", encoding: .utf8)
        for told in ["Canary-Description", "Canary-Failed", "parameters: $1 = 'Canary-Evidence"] {
            #expect(!log.contains(told))
        }
        #expect(log.contains("parameters: $1 = 'Canary-Control'"))
        // Seen to fail without the role's settings.
        for setting in ["log_min_messages", "log_parameter_max_length"] {
            try owner.execute(script: "alter role rowan_service reset \(setting)")
        }
        let folder = try ScratchFolder()
        let run = try Command(
            ["serve"], RunningService.environment(cluster.url("rowan_service"), folder))
        #expect(run.status == 1)
        #expect(run.printed.contains("log_min_messages lets errors into PostgreSQL's log"))
        #expect(run.printed.contains("alter role rowan_service set log_min_messages = fatal"))
        #expect(run.printed.contains("log_transaction_sample_rate puts what people write"))
    }
}
