import Foundation
import Testing

/// A crowd that takes all the files that the process may open.
@Suite struct `Descriptors that are used up` {
    @Test func `stop neither the service nor its rest, and it is well when they are free again`()
        async throws
    {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL, descriptors: 80)
        #expect(try await service.isReady())
        #expect(try service.as(.staff).report().status == 201)
        let before = try openFiles(of: service)
        var crowd = try (0..<120).map { _ in try ClientSocket(port: service.port) }
        #expect(try await eventually { try self.openFiles(of: service) >= 79 })
        let used = try processorTime(of: service)
        try await Task.sleep(for: .milliseconds(800))
        #expect(try processorTime(of: service) - used < 0.2)
        #expect(service.child.isRunning)
        crowd = []
        #expect(crowd.isEmpty)
        #expect(try service.as(.staff).report().status == 201)
        #expect(try await eventually { try self.openFiles(of: service) <= before + 4 })
    }

    private func openFiles(of service: RunningService) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(service.child.id)/fd").count
    }

    /// In seconds.
    private func processorTime(of service: RunningService) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(service.child.id)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = try fields[11...12].map { try #require(Double($0)) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
