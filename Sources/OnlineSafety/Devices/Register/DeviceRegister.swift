import JSON
import Postgres

/// The register of devices: which there are, who has them, and what was done with each (DEV-01).
enum DeviceRegister {
    static let routes: [Route] = [
        .get(
            "/v1/devices", "List devices",
            """
            The school's, and what people brought; those who answer for devices see all, everybody \
            else what is theirs, what they have, and what they declared for somebody. Of one that \
            is held as evidence it is told what it is and that it is held, and no more, but to \
            those who may order that. Taking it as a table is on record.
            """,
            for: Devices.admitted, by(list)
        ).recordingTables(),
        .post(
            "/v1/devices", "Register a device",
            """
            One of the school's, by those who look after devices; or somebody's own, which is \
            declared by its owner, or for them by staff, before it joins the network (DEV-03). \
            What the school is not responsible for is kept with it.
            """,
            for: Devices.admitted, by(register)),
        .get(
            "/v1/devices/{device}", "Read a device", "With all that was done with it.",
            for: Devices.admitted, by(read)),
        .post(
            "/v1/devices/{device}/acts", "Act on a device",
            """
            What is done with it (24.4): each act by its posts, from where the device stands; all \
            that stands against it is answered with 409, each thing by its code. A loss by which \
            data may be exposed opens an incident, unless one is named.
            """,
            for: Devices.admitted, by(act)),
    ]

    static func list(
        _ filter: DeviceFilter, _ page: PageRequest<DeviceOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Device> {
        tx.page(page, onRecord: page.asTable("device")) { page in
            // One school after the other, each in the order of its index.
            """
            select device.*, device.id as _id, \(page.order.key) as _key
            from unnest(\(reach.schoolsOfDevices)::uuid[]) as own (school_id)
            cross join lateral (
                select device.* from device_shown as device
                where device.school_id = own.school_id
                    and \(reach.devices) and \(filter.sql) and \(page.after)
                order by \(page.order.sql)
                limit \(page.limit + 1)
            ) as device
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Device>, within reach: Reach, in tx: Transaction
    ) -> Stored<Device> {
        tx.stored(one(id, reach))
    }

    static func register(
        _ said: Device.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Device> {
        let school = try await NewDevice.open(said, reach, in: tx)
        let id = ID<Device>()
        let begins: DeviceAct = said.facts.ownership.isPersonal ? .declared : .registered
        tx.add(
            Audit.written(
                "device_entered", "device", version: "null",
                """
                insert into device (
                    school_id, id, is_personal, owner_id, statement, registered_by_name)
                select \(school), \(id), \(said.facts.ownership.isPersonal), \(said.ownerID)::uuid,
                    case when \(said.facts.ownership.isPersonal) then coalesce((
                        select rule.content ->> 'statement'
                        from rule_said_on(\(school), 'device_use', '', london_today()) as rule
                    ), \(UseRules.usualStatement)) end, \(reach.caller.name)
                """))
        OpenedDevice.write(
            begins, of: id, at: school, content: JSON.string(of: said.facts), by: reach.caller,
            in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func act(
        on id: ID<Device>, _ said: DeviceAct.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Device> {
        let opened = try await OpenedDevice.open(id, for: said.act, reach, in: tx)
        let described = try await opened.check(said, reach, in: tx)
        let incident = try await opened.incident(of: said, reach, in: tx)
        OpenedDevice.write(
            said.act, of: id, at: opened.school, to: said.personID, on: said.on,
            until: said.untilOn, content: described.map { JSON.string(of: $0) } ?? said.content,
            incident: incident, by: reach.caller,
            in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    /// One, with what was done with it.
    static func one(_ id: ID<Device>, _ reach: Reach) -> SQL {
        """
        select device.*, case when device._is_open
                then acts_on_device(device.school_id, device.id) end as acts,
            case when device._is_open then array(
                select move.act
                from \(DeviceAct.moves) as move (act, state, place)
                where move.state = device.state
                    and case move.act
                        when 'handed_in' then device.may_walk_alone is not null
                            and not device.is_handed_in
                        when 'collected' then device.is_handed_in
                        else true end
                    and caller_may_act_on_device(device.school_id, device.id, move.act)
                order by move.place
            ) end as may_do
        from device_shown as device
        where device.id = \(id) and \(reach.devices)
        """
    }
}

/// A device that is to be entered: its school is held, so that no other takes its tag meanwhile.
private enum NewDevice {
    static func open(
        _ said: Device.Said, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        guard said.facts.ownership.isPersonal else {
            let school = try school(of: said, reach)
            try said.judge(besides: [])
            tx.add("select hold_school(\(school))")
            let taken = try await taken(said.facts, at: school, but: nil, in: tx)
            guard taken.isEmpty else { throw Problem(conflicts: taken) }
            return school
        }
        return try await ofTheOwner(said, reach, in: tx)
    }

    private static func school(
        of said: Device.Said, _ reach: Reach
    ) throws(Problem) -> ID<School> {
        let isKept = { (school: ID<School>) in
            Devices.keepers.contains { reach.caller.holds($0, in: school) }
        }
        let forbidden = Problem(
            .forbidden, "The school's devices are entered by those who keep them.")
        guard reach.caller.schools.contains(where: isKept) else { throw forbidden }
        let school = try reach.school(said.schoolID, .devicesOfSchool)
        guard isKept(school) else { throw forbidden }
        return school
    }

    /// Whose device it is must be the caller, or somebody for whom they may declare it.
    private static func ofTheOwner(
        _ said: Device.Said, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let schools = reach.schools(.devicesOfSchool, or: .ownDevices)
        let found = try await tx.run(
            """
            select owner.school_id, caller_is(owner.school_id, owner.id) as is_caller,
                device_audience(owner.kind) as audience,
                setting_now(owner.school_id, 'school_data_on_personal_devices') #>> '{}' as data
            from person as owner
            where owner.id = \(said.ownerID) and owner.school_id = any(\(schools))
                and (\(said.schoolID)::uuid is null or owner.school_id = \(said.schoolID))
                and coalesce(owner.left_on >= london_today(), true)
            """)
        let audience = found.text(0, "audience").flatMap(DeviceAudience.init)
        let declares = { (school: ID<School>) in
            [Role].employed.contains { reach.caller.holds($0, in: school) }
        }
        // Who declares for nobody else is told so, whoever they named.
        guard found.bool(0, "is_caller") == true || reach.caller.schools.contains(where: declares)
        else { throw Problem(.forbidden, "For others it is declared by staff.") }
        guard let school = found.uuid(0, "school_id").map({ ID<School>($0) }), let audience,
            found.bool(0, "is_caller") == true || declares(school)
        else {
            try unknownOwner(said)
        }
        try said.judge(
            besides: said.facts.ownership == audience.ownership
                ? [] : [DeviceFault.fault("/facts/ownership", "not_their_class")])
        let rule = found.text(0, "data").flatMap(SchoolDataElsewhere.init) ?? .forbidden
        if said.facts.holdsPersonalData == true,
            let code = rule.standsAgainst(said.facts.dataSafeguard)
        {
            throw Problem(conflicts: [
                DeviceFault.stands(code, at: "/facts/holds_personal_data")
            ])
        }
        tx.add("select hold_school(\(school))")
        return school
    }

    private static func unknownOwner(_ said: Device.Said) throws(Problem) -> Never {
        let unknown = JSONFault(
            pointer: "/owner_id", code: "unknown_person",
            detail: "Name somebody of the school for whom you may declare it")
        throw Problem(said.ownFaults + (said.ownerID == nil ? [] : [unknown]))
    }

    /// That another device of the school has the tag or the serial number; what is retired has
    /// neither any more.
    static func taken(
        _ facts: DeviceFacts, at school: ID<School>, but id: ID<Device>?, in tx: Transaction
    ) async throws -> [Fault] {
        let found = try await tx.run(
            """
            select coalesce(bool_or(lower(other.tag) = lower(\(facts.tag)::text)), false)
                    as has_tag,
                coalesce(bool_or(lower(other.serial) = lower(\(facts.serial)::text)), false)
                    as has_serial
            from devices_known_by(\(school)) as other
            where other.id is distinct from \(id)::uuid and not other.is_personal
                and not other.is_retired
            """)
        var faults: [Fault] = []
        if found.bool(0, "has_tag") == true {
            faults.append(DeviceFault.stands("tag_taken", at: "/facts/tag"))
        }
        if found.bool(0, "has_serial") == true {
            faults.append(DeviceFault.stands("serial_taken", at: "/facts/serial"))
        }
        return faults
    }
}

extension OpenedDevice {
    /// That what it would be called is another's.
    func takenNames(_ facts: DeviceFacts, in tx: Transaction) async throws -> [Fault] {
        guard !isPersonal else { return [] }
        return try await NewDevice.taken(facts, at: school, but: id, in: tx)
    }
}

extension DeviceAct {
    /// From where each may be done, for a statement: `act`, `state`, in the order of the acts.
    fileprivate static var moves: SQL {
        let rows = allCases.flatMap { act in act.states.map { (act, $0) } }
        return "unnest(\(rows.map(\.0))::text[], \(rows.map(\.1))::text[]) with ordinality"
    }
}

extension DeviceAudience {
    /// The class of what is their own.
    var ownership: DeviceOwnership {
        switch self {
        case .pupil: .studentOwned
        case .staff: .staffOwned
        case .visitor, .contractor: .visitorOwned
        }
    }
}

extension Relation {
    static let devicesOfSchool = Relation(
        "own school's devices",
        "Devices of the schools in which the post is held, and of people there (section 25)."
    ) { _, schools in "device.school_id = any(\(schools))" }

    static let ownDevices = Relation(
        "own devices",
        "What is the caller's own, what they have, and what they declared for somebody "
            + "(section 25)."
    ) { _, schools in
        """
        (
            device.school_id = any(\(schools))
            and (select own_devices()) ? device.id::text)
        """
    }
}

extension Reach {
    /// The devices that the caller may know of.
    var devices: SQL { "(\(sql(.devicesOfSchool)) or \(sql(.ownDevices)))" }
}
