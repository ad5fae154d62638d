import Foundation
import Glibc
import Synchronization

@testable import OnlineSafety
@testable import Postgres

/// A hundred reports at once, by many people in three schools, each asked again with its own key
/// until it is answered, as a phone does.
final class Load: Sendable {
    /// What came of one report: the answers, oldest first, and the incident in the last.
    struct Told: Sendable {
        var statuses: [Int] = []
        var codes: [String] = []
        var id = ""
        var lost = 0
    }

    static let size = 100
    private let answeredCount = Atomic(0)
    private let port: UInt16

    init(on port: UInt16) { self.port = port }

    /// How many have been answered so far.
    var answered: Int { answeredCount.load(ordering: .relaxed) }

    func run() async throws -> [Told] {
        try await atOnce(Self.size) { try self.tell($0) }
    }

    /// Waits until so many have been answered; `false` when that takes too long.
    func reaches(_ count: Int) async throws -> Bool {
        try await eventually(within: 10) { self.answered >= count }
    }

    private func tell(_ number: Int) throws -> Told {
        let school = TestSchool.all[number % 3]
        let role = [Role].employed[number / 3 % [Role].employed.count]
        let visitor = Visitor(port: port, token: school.token(role))
        let end = ContinuousClock.now + .seconds(20)
        // Some begin late, so that whatever happens meets reports at every stage.
        usleep(UInt32(number % 50) * 10_000)
        var told = Told()
        while told.id.isEmpty, ContinuousClock.now < end {
            let answer = try? visitor.post(
                "/v1/incidents", report("Report \(number)"),
                ["Idempotency-Key": "report-\(number)"])
            told.note(answer)
            if told.id.isEmpty { usleep(20_000) }
        }
        answeredCount.add(1, ordering: .relaxed)
        return told
    }
}

extension Load.Told {
    fileprivate mutating func note(_ answer: Reading?) {
        guard let answer else { return lost += 1 }
        statuses.append(answer.status)
        if let code = answer.code { codes.append(code) }
        if answer.status == 201 { id = answer.id }
    }
}
