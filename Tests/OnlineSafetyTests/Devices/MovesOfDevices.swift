import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// From where a device stands to where it may go (24.4): every act from every state.
@Suite struct `Moves of devices` {
    private let school = TestSchool.hawthorn

    /// How each state comes about, and what may be done from there.
    private static let machine: [(state: String, acts: [DeviceAct], may: Set<DeviceAct>)] = [
        (
            "registered", [.registered],
            anywhere.union([.assigned, .lost, .stolen, .damaged, .retired, .scanned, .profiled])
        ),
        (
            "assigned", [.registered, .assigned],
            anywhere.union([
                .takenOffSite, .returned, .lost, .stolen, .damaged, .scanned, .profiled,
            ])
        ),
        (
            "off_site", [.registered, .assigned, .takenOffSite],
            anywhere.union([.broughtBack, .lost, .stolen, .damaged, .scanned, .profiled])
        ),
        (
            "returned", [.registered, .assigned, .returned],
            anywhere.union([.wiped, .lost, .stolen, .damaged, .scanned])
        ),
        ("lost", [.registered, .assigned, .lost], anywhere.union([.recovered, .retired])),
        ("stolen", [.registered, .stolen], anywhere.union([.recovered, .retired])),
        ("damaged", [.registered, .damaged], anywhere.union([.recovered, .retired])),
        ("retired", [.registered, .retired], []),
    ]
    private static let personal: [(state: String, acts: [DeviceAct], may: Set<DeviceAct>)] = [
        (
            "declared", [.declared],
            anywhere.union([
                .permitted, .refused, .withdrawn, .handedIn, .collected, .scanned, .profiled,
            ])
        ),
        (
            "permitted", [.declared, .permitted],
            anywhere.union([.withdrawn, .handedIn, .collected, .scanned, .profiled])
        ),
        ("refused", [.declared, .refused], anywhere.union([.collected])),
        ("withdrawn", [.declared, .permitted, .withdrawn], anywhere.union([.collected])),
    ]
    private static let anywhere: Set<DeviceAct> = [.described, .read, .doubted]

    /// By whom, and with what it needs.
    private func body(of act: DeviceAct, _ device: String) -> (Role, [String: JSONValue]) {
        let so: JSONValue = "So it is"
        return switch act {
        case .registered, .declared: (.technician, [:])
        case .described: (.technician, ["facts": facts(device)])
        case .assigned:
            (
                .technician,
                [
                    "person_id": .string(school.person(.staff).lowercased),
                    "duties_confirmed": true,
                ]
            )
        case .takenOffSite:
            (.headteacher, ["until_on": "2026-11-30", "duties_confirmed": true])
        case .wiped, .retired: (.technician, ["certified_by": "Technician"])
        case .lost, .stolen, .damaged:
            (.office, ["reason": so, "data_may_be_exposed": false])
        case .recovered: (.office, ["reason": so])
        case .permitted: (.headteacher, ["network": "none"])
        case .refused, .withdrawn: (.headteacher, ["reason": so])
        case .scanned: (.technician, ["is_clean": true])
        case .profiled: (.technician, ["filter_profile": "pupil"])
        case .read: (.technician, ["is_updated": true])
        case .doubted: (.technician, ["reason": so])
        case .handedIn, .collected: (.office, [:])
        case .broughtBack, .returned: (.technician, [:])
        }
    }

    private func facts(_ device: String) -> JSONValue {
        ["kind": "tablet", "ownership": "school_single", "tag": .string(device)]
    }

    /// The act and its answer, from every state.
    private func tries(
        _ machine: [(state: String, acts: [DeviceAct], may: Set<DeviceAct>)],
        _ devices: DevicesAtWork, _ open: () throws -> String
    ) throws {
        let all = DeviceAct.allCases.filter { ![.registered, .declared].contains($0) }
        for (state, acts, may) in machine {
            var device = try stands(acts, devices, open)
            for act in all {
                let (role, more) = body(of: act, device)
                let told = try devices.act(act.rawValue, on: device, more, by: role)
                let isState = told.codes.contains("wrong_state")
                #expect(
                    isState != may.contains(act),
                    "\(act.rawValue) from \(state): \(told.status) \(told.text)")
                // The next is tried from there as well.
                if told.status == 201 { device = try stands(acts, devices, open) }
                #expect(try devices.read(device)["state"] == state)
            }
        }
    }

    private func stands(
        _ acts: [DeviceAct], _ devices: DevicesAtWork, _ open: () throws -> String
    ) throws -> String {
        let device = try open()
        for act in acts.dropFirst() {
            let (role, more) = body(of: act, device)
            let told = try devices.act(act.rawValue, on: device, more, by: role)
            try #require(told.status == 201, "\(act): \(told.text)")
        }
        return device
    }

    @Test func `DEV-31: of the school's devices only those of the matrix of moves are made`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try tries(Self.machine, devices) { try devices.device(UUID().lowercased) }
    }

    @Test func `of personal devices, too`() async throws {
        let devices = try await DevicesAtWork.open()
        let owner = school.person(.staff)
        try tries(Self.personal, devices) { try devices.declare(owner) }
    }
}
