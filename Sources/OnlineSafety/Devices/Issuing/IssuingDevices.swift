import JSON
import OpenAPI
import Postgres

/// Giving several devices to a person in one act, all of them or none (DEV-06).
enum IssuingDevices {
    static let routes: [Route] = [
        .post(
            "/v1/device-issues", "Issue devices",
            """
            Several to one person, in one act, all of them or none. The gate is asked once: where \
            the school has an agreement for devices, it must be signed. Whatever stands against \
            any of them is named by its place.
            """,
            for: issuers.admitted(.devicesOfSchool), by(issue))
    ]

    /// Those who assign devices (24.4).
    static let issuers: [Role] = [.technician, .seniorLeader, .schoolAdministrator]

    static func issue(
        _ said: DeviceIssue.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<DeviceIssue> {
        var against: [Fault] = []
        var faults: [JSONFault] = []
        var opened: [OpenedDevice] = []
        var isForbidden = false
        for (place, id) in said.deviceIDs.elements.enumerated() {
            let pointer = "/device_ids/\(place)"
            let device = try await OpenedDevice.find(id, for: .assigned, reach, in: tx)
            if let device, device.isTheirs {
                opened.append(device)
                against += device.againstAssigning(at: pointer)
            } else {
                isForbidden = isForbidden || device != nil
                faults.append(DeviceFault.fault(pointer, "unknown_device"))
            }
        }
        guard !opened.isEmpty || !isForbidden else { throw OpenedDevice.notTheirs }
        if let school = opened.first?.school, !opened.allSatisfy({ $0.school == school }) {
            faults.append(DeviceFault.fault("/device_ids", "unknown_device"))
        }
        if let school = opened.first?.school {
            faults += try await OpenedDevice.faultsOfDays(said.act, at: school, in: tx)
        }
        try said.judge(besides: faults)
        guard let school = opened.first?.school else { throw Problem(conflicts: against) }
        against += try await OpenedDevice.shut(
            for: said.personID, to: .device, at: school, in: tx)
        guard against.isEmpty else { throw Problem(conflicts: against) }
        for device in opened {
            OpenedDevice.write(
                .assigned, of: device.id, at: school, to: said.personID, until: said.untilOn,
                content: said.act.content, by: reach.caller, in: tx)
        }
        return Created(
            tx.stored(
                """
                select \(school)::uuid as school_id, \(said.personID)::uuid as person_id,
                    \(said.deviceIDs.elements)::uuid[] as device_ids,
                    \(said.untilOn)::date as until_on
                """))
    }
}

extension OpenedDevice {
    /// All that stands against giving it to somebody.
    fileprivate func againstAssigning(at pointer: String) -> [Fault] {
        guard !isHeld else { return [DeviceFault.stands("held", at: pointer)] }
        return
            (againstItsState(.assigned)
            + againstAssigning(toOne: true).map { DeviceFault.stands($0) }).map { $0.at(pointer) }
    }
}

extension Fault {
    fileprivate func at(_ pointer: String) -> Fault {
        Fault(pointer: pointer, code: code, detail: detail)
    }
}

/// Devices that were given to a person.
struct DeviceIssue: Resource {
    let schoolID: ID<School>
    let personID: ID<Person>
    let deviceIDs: [ID<Device>]
    let untilOn: Day?

    static let isTagged = false
    static let words = "Devices that were given to a person in one act."
    static var example: DeviceIssue {
        DeviceIssue(
            schoolID: .example, personID: .example, deviceIDs: [.example], untilOn: .example)
    }

    enum CodingKeys: String, FieldWords {
        case schoolID = "school_id"
        case personID = "person_id"
        case deviceIDs = "device_ids"
        case untilOn = "until_on"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .personID: "Who has them now."
            case .deviceIDs: "Which."
            case .untilOn: "By when they are due back."
            }
        }
    }

    /// That they are given.
    struct Said: JudgedBody {
        let personID: ID<Person>
        let deviceIDs: Few<ID<Device>, 20>
        let untilOn: Day?
        let keptWhere: Text<200>?
        let dutiesConfirmed: Bool

        static let schemaName = "DeviceIssueSaid"
        static let words = "Devices that are given to a person in one act."
        static var example: Said {
            Said(
                personID: .example, deviceIDs: [.example], untilOn: nil,
                keptWhere: "Classroom cupboard, out of sight", dutiesConfirmed: true)
        }

        enum CodingKeys: String, FieldWords {
            case personID = "person_id"
            case deviceIDs = "device_ids"
            case untilOn = "until_on"
            case keptWhere = "kept_where"
            case dutiesConfirmed = "duties_confirmed"

            var words: String {
                switch self {
                case .personID: "To whom."
                case .deviceIDs: "Which, each once, of one school."
                case .untilOn: "By when they are due back."
                case .keptWhere: DeviceActWords.of(.keptWhere)
                case .dutiesConfirmed: DeviceActWords.of(.dutiesConfirmed)
                }
            }
        }

        var ownFaults: [JSONFault] {
            let ids = deviceIDs.elements
            var faults = ids.indices.filter { ids[..<$0].contains(ids[$0]) }.map {
                JSONFault(
                    pointer: "/device_ids/\($0)", code: "repeated", detail: "Name each once")
            }
            if ids.isEmpty {
                faults.append(
                    JSONFault(
                        pointer: "/device_ids", code: "empty", detail: "Name at least one"))
            }
            if !dutiesConfirmed {
                faults.append(DeviceFault.fault("/duties_confirmed", "duties_unconfirmed"))
            }
            return faults
        }

        /// What is done with each.
        var act: DeviceAct.Said {
            DeviceAct.Said(
                assigning: personID, until: untilOn, keptWhere: keptWhere)
        }
    }
}
