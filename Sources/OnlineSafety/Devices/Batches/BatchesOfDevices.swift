import JSON
import Postgres

/// Taking devices over from the management that a school has of them, by serial number.
enum BatchesOfDevices {
    static let routes: [Route] = [
        .post(
            "/v1/schools/{school}/device-batches", "Take over devices",
            """
            From an export of a device management, as JSON or as its table (`Serial Number`, \
            `Device name`, `Asset tag`, `Model`, `Encrypted`, `Last check-in` and the like). What \
            somebody has entered here stays; only what is not known is added, and what the \
            management read of a device later than was read, or doubted, here: of each fact that \
            its row names, and no doubt is answered by it. Each row is told \
            what became of it: the same again is `unchanged`. A table takes no `Idempotency-Key`.
            """,
            for: Devices.keepers.admitted(.devicesOfSchool), by(take)
        ).takingBodies(upTo: 1 << 20).takingFiles(upTo: 1 << 20)
    ]

    static func take(
        to school: ID<School>, _ sent: DevicesSent, within reach: Reach, in tx: Transaction
    ) async throws -> DeviceBatchAnswer {
        guard reach.schools(.devicesOfSchool).contains(school) || reach.caller.opensSecondWall
        else { throw Problem(.notFound) }
        let visible = try await tx.run("select school.id from school where school.id = \(school)")
        guard visible.count == 1 else { throw Problem(.notFound) }
        let rows = try await sent.read()
        tx.add("select hold_school(\(school))")
        var known = KnownDevices(
            try await tx.run(
                """
                select known.id, known.tag, known.serial, known.is_personal,
                    known.content::text as facts,
                    known.id = any((select devices_held())::uuid[]) as is_held,
                    known.is_retired, reading.content::text as reading,
                    (
                        select max(act.from_on)::text from device_act as act
                        where act.school_id = \(school) and act.device_id = known.id
                            and act.act in ('read', 'doubted')
                    ) as read_on,
                    london_today()::text as today
                from devices_known_by(\(school)) as known
                cross join lateral security_read(\(school), known.id) as reading
                union all
                select null, null, null, false, null, false, false, null, null,
                    london_today()::text
                """))
        let told = rows.map { number, row in
            known.take(row, number, at: school, by: reach.caller, in: tx)
        }
        func count(_ outcome: DeviceBatch.Outcome) -> Int { told.count { $0.outcome == outcome } }
        return DeviceBatchAnswer(
            told: DeviceBatch(
                schoolID: school, added: count(.added), changed: count(.changed),
                unchanged: count(.unchanged), refused: count(.refused), rows: told))
    }
}

/// The devices of a school as they are known while a batch is taken over.
private struct KnownDevices {
    private struct Known {
        let id: ID<Device>
        var facts: EntryContent
        let isHeld: Bool
        let isRetired: Bool
        var reading: EntryContent
        var readOn: String?
    }

    private var bySerial: [String: Known] = [:]
    private var tags: [String: ID<Device>] = [:]
    private var seen: Set<String> = []
    private let today: String

    init(_ found: Answer) {
        today = found.text(0, "today") ?? ""
        for row in 0..<found.count {
            guard let id = found.uuid(row, "id").map({ ID<Device>($0) }),
                found.bool(row, "is_personal") != true
            else { continue }
            let isRetired = found.bool(row, "is_retired") == true
            if let tag = found.text(row, "tag"), !isRetired { tags[tag.lowercased()] = id }
            // What is retired may have been entered anew.
            guard let serial = found.text(row, "serial"),
                !isRetired || bySerial[serial.lowercased()] == nil
            else { continue }
            bySerial[serial.lowercased()] = Known(
                id: id, facts: EntryContent(text: found.text(row, "facts") ?? ""),
                isHeld: found.bool(row, "is_held") == true,
                isRetired: isRetired,
                reading: EntryContent(text: found.text(row, "reading") ?? ""),
                readOn: found.text(row, "read_on"))
        }
    }

    mutating func take(
        _ row: Result<DeviceRow, JSONFaults>, _ number: Int, at school: ID<School>,
        by caller: Caller, in tx: Transaction
    ) -> DeviceBatch.Row {
        switch row {
        case .failure(let wrong): return Self.refused(number, wrong.faults)
        case .success(let row):
            let faults = faults(of: row)
            seen.insert(row.serial.string.lowercased())
            guard faults.isEmpty else { return Self.refused(number, faults) }
            guard let known = bySerial[row.serial.string.lowercased()] else {
                return add(row, number, at: school, by: caller, in: tx)
            }
            return complete(known, with: row, number, at: school, by: caller, in: tx)
        }
    }

    private func faults(of row: DeviceRow) -> [JSONFault] {
        let known = bySerial[row.serial.string.lowercased()]
        var faults: [JSONFault] = []
        if seen.contains(row.serial.string.lowercased()) {
            faults.append(
                JSONFault(
                    pointer: "/serial", code: "repeated", detail: "Another row is of this device"))
        }
        if known?.isHeld == true { faults.append(DeviceFault.fault("", "held")) }
        if known?.isRetired == true { faults.append(DeviceFault.fault("", "is_retired")) }
        // A tag that the device has here already is not the management's to change.
        let isWanted = known?.facts.has("tag") != true
        if isWanted, let tag = row.tag, tags[tag.string.lowercased()] != nil {
            faults.append(DeviceFault.fault("/tag", "tag_taken"))
        }
        if let day = row.readOn, day.string > today {
            faults.append(
                JSONFault(
                    pointer: "/read_on", code: "in_the_future", detail: "It has not been yet"))
        }
        return faults
    }

    private static func refused(_ number: Int, _ faults: [JSONFault]) -> DeviceBatch.Row {
        DeviceBatch.Row(
            row: number, outcome: .refused, deviceID: nil,
            errors: faults.map {
                DeviceBatch.Wrong(pointer: $0.pointer, code: $0.code, detail: $0.detail)
            })
    }

    private mutating func add(
        _ row: DeviceRow, _ number: Int, at school: ID<School>, by caller: Caller,
        in tx: Transaction
    ) -> DeviceBatch.Row {
        let id = ID<Device>()
        let facts = EntryContent().changed(by: row.facts).changed(by: [
            "kind": .string(row.likelyKind.rawValue),
            "ownership": .string(DeviceOwnership.schoolSingle.rawValue),
        ])
        tx.add(
            Audit.written(
                "device_entered", "device", version: "null",
                """
                insert into device (school_id, id, is_personal, registered_by_name)
                values (\(school), \(id), false, \(caller.name))
                """))
        OpenedDevice.write(
            .registered, of: id, at: school, content: facts.json, by: caller, in: tx)
        if row.hasReading { read(row, of: id, at: school, by: caller, in: tx) }
        if let tag = row.tag { tags[tag.string.lowercased()] = id }
        return DeviceBatch.Row(row: number, outcome: .added, deviceID: id, errors: nil)
    }

    /// Adds what nobody has entered, and what was read later than here.
    private mutating func complete(
        _ known: Known, with row: DeviceRow, _ number: Int, at school: ID<School>,
        by caller: Caller, in tx: Transaction
    ) -> DeviceBatch.Row {
        let missing = row.facts.filter { !known.facts.has($0.key) }
        if !missing.isEmpty {
            OpenedDevice.write(
                .described, of: known.id, at: school,
                content: known.facts.changed(by: missing).json, by: caller, in: tx)
            if let tag = row.tag { tags[tag.string.lowercased()] = known.id }
        }
        let isLater = known.readOn.map { (row.readOn?.string ?? today) > $0 } ?? true
        let isRead =
            row.hasReading && isLater
            && (row.readOn != nil || row.reading.contains { known.reading.values[$0] != $1 })
        if isRead { read(row, of: known.id, at: school, by: caller, in: tx) }
        return DeviceBatch.Row(
            row: number, outcome: missing.isEmpty && !isRead ? .unchanged : .changed,
            deviceID: known.id, errors: nil)
    }

    /// Of what the management does not read, what was read before stays, as of its day.
    private func read(
        _ row: DeviceRow, of id: ID<Device>, at school: ID<School>, by caller: Caller,
        in tx: Transaction
    ) {
        OpenedDevice.write(
            .read, of: id, at: school, on: row.readOn,
            content: EntryContent().changed(by: row.reading).json, isOfBatch: true, by: caller,
            in: tx)
    }
}

extension DeviceRow {
    private func members(_ keys: Set<CodingKeys>) -> [String: JSONValue] {
        guard case .object(let object)? = try? JSON.value(of: self) else { return [:] }
        return object.members.reduce(into: [:]) { members, member in
            guard let key = CodingKeys(rawValue: member.name), keys.contains(key) else { return }
            members[member.name] = member.value
        }
    }

    /// What the device is and what it is called.
    fileprivate var facts: [String: JSONValue] { members([.serial, .name, .tag, .model]) }

    /// What was read of its security.
    fileprivate var reading: [String: JSONValue] {
        members([.isEncrypted, .hasPasscode, .isUpdated])
    }
}
