import JSON
import Postgres

/// Keeping devices as evidence, by order of a DSL or the headteacher (DEV-25, 24.4).
enum HoldingDevices {
    static let routes: [Route] = [
        .get(
            "/v1/devices/{device}/hold", "Read the hold of a device",
            """
            By whose order it is held, who keeps it where, and how it was released. For those who \
            may order it, and never for whose device it is; where it belongs to an incident, for \
            those alone to whom that is open, and whom it is not about. The reading is on record.
            """,
            for: holders.admitted(.devicesOfSchool), onRecord: true, by(read)),
        .post(
            "/v1/devices/{device}/hold", "Hold a device as evidence",
            """
            That it is held, handed on, or released on an agency's advice. While it is held \
            nothing else is done with it, and everybody else learns only that it is held. While \
            its incident is held for an agency it is not released.
            """,
            for: holders.admitted(.devicesOfSchool), by(act)),
    ]

    /// Those who may have something held (24.4).
    static let holders: [Role] = [.dsl, .deputyDSL, .headteacher]

    static func read(
        _ id: ID<Device>, within reach: Reach, in tx: Transaction
    ) -> Stored<DeviceHold> {
        tx.stored(Audit.reading("opened", "device_hold", limit: 1, one(id, reach)))
    }

    static func act(
        on id: ID<Device>, _ said: DeviceHold.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<DeviceHold> {
        tx.add(
            """
            select hold_school(device.school_id) from device
            where device.id = \(id) and \(reach.devices)
            """)
        let found = try await tx.run(
            """
            select device.school_id, device.is_held, device._is_open as is_open,
                whose.subject_id, last.incident_id,
                coalesce(caller_is(device.school_id, whose.subject_id), false) as is_theirs,
                last.incident_id is not null and exists (
                    select from agency_hold_shown as agency
                    where agency.school_id = device.school_id
                        and agency._incident_id = last.incident_id
                        and agency.released_at is null
                ) as is_under_agency_hold
            from device_shown as device
            left join lateral (
                select hold.subject_id, hold.incident_id from device_hold_act as hold
                where device.is_held and hold.school_id = device.school_id
                    and hold.device_id = device.id
                order by hold.place desc
                limit 1
            ) as last on true
            cross join lateral (
                select coalesce(last.subject_id, device.owner_id, (
                    -- Once it was wiped, nothing of whoever had it is left on it.
                    select act.person_id from device_act as act
                    where act.school_id = device.school_id and act.device_id = device.id
                        and act.act in ('assigned', 'wiped')
                    order by act.place desc
                    limit 1)) as subject_id
            ) as whose
            where device.id = \(id) and \(reach.devices)
            """)
        guard let school = found.uuid(0, "school_id").map({ ID<School>($0) }) else {
            throw Problem(.notFound)
        }
        guard found.bool(0, "is_open") == true, found.bool(0, "is_theirs") != true else {
            throw Problem(.forbidden, "It is held, and not yours to know of; or it is your own.")
        }
        try said.judge(besides: await unknown(said.incidentID, at: school, in: tx))
        try check(said, isHeld: found.bool(0, "is_held") == true, found)
        write(
            said, of: id, at: school, about: found.uuid(0, "subject_id").map { ID($0) },
            because: said.incidentID ?? found.uuid(0, "incident_id").map { ID($0) },
            by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    private static func check(
        _ said: DeviceHold.Said, isHeld: Bool, _ found: Answer
    ) throws(Problem) {
        var codes: [String] = []
        if said.act == .ordered, isHeld { codes.append("held") }
        if said.act != .ordered, !isHeld { codes.append("not_held") }
        if said.act == .released, found.bool(0, "is_under_agency_hold") == true {
            codes.append("under_agency_hold")
        }
        guard codes.isEmpty else {
            throw Problem(conflicts: codes.map { DeviceFault.stands($0) })
        }
    }

    private static func unknown(
        _ incident: ID<Incident>?, at school: ID<School>, in tx: Transaction
    ) async throws -> [JSONFault] {
        guard let incident, try await !tx.isOpen(incident, at: school) else { return [] }
        return [.unknownIncident]
    }

    private static func write(
        _ said: DeviceHold.Said, of id: ID<Device>, at school: ID<School>,
        about subject: ID<Person>?, because incident: ID<Incident>?, by caller: Caller,
        in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                said.act.deed, "device_hold_act", version: "null",
                """
                insert into device_hold_act (
                    school_id, id, device_id, place, act, subject_id, custodian, kept_at, reason,
                    agency, incident_id, done_by_name)
                values (
                    \(school), \(ID<DeviceHoldAct>()), \(id), next_place_of_hold(\(school), \(id)),
                    \(said.act), \(subject), \(said.custodian), \(said.keptAt), \(said.reason),
                    \(said.agency), \(incident), \(caller.name))
                """))
    }

    /// The chain of custody, where there ever was one that the caller may know of.
    private static func one(_ id: ID<Device>, _ reach: Reach) -> SQL {
        """
        select device.id, device.school_id, device.is_held, known.acts,
            case when device.is_held then array['moved', 'released'] else array['ordered'] end
                as may_do
        from device_shown as device
        cross join lateral (
            select acts_of_hold(device.school_id, device.id) as acts
        ) as known
        where device.id = \(id) and \(reach.devices) and known.acts is not null
        """
    }
}

extension Transaction {
    /// Whether an incident is open to the caller, and not about them.
    func isOpen(_ incident: ID<Incident>, at school: ID<School>) async throws -> Bool {
        let found = try await run(
            """
            select array[\(incident)]::uuid[]
                    <@ those_open_to_caller(\(school), array[\(incident)]::uuid[])
                and those_about_caller(\(school), array[\(incident)]::uuid[]) = '{}' as is_open
            """)
        return found.bool(0, "is_open") == true
    }
}

extension JSONFault {
    static let unknownIncident = JSONFault(
        pointer: "/incident_id", code: "unknown_incident",
        detail: "Name an incident of the school that is open to you")
}
