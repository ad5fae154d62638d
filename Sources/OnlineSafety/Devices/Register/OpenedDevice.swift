import JSON
import Postgres

/// A device taken in hand, for something to be done with it; its school is held, so that nobody
/// does anything else with it meanwhile.
struct OpenedDevice {
    let id: ID<Device>
    let school: ID<School>
    let isPersonal: Bool

    /// Whether the caller may do this with it.
    let isTheirs: Bool

    /// The day of the latest of what this takes the place of.
    let lastOn: String?
    private let state: DeviceState
    private let device: Answer

    /// Throws where it is not there for the caller, where they may not do this with it, and where
    /// it is held, of which nothing more is told.
    static func open(
        _ id: ID<Device>, for act: DeviceAct, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedDevice {
        guard let opened = try await find(id, for: act, reach, in: tx) else {
            throw Problem(.notFound)
        }
        guard opened.isTheirs else { throw notTheirs }
        guard !opened.isHeld else { throw Problem(conflicts: [DeviceFault.stands("held")]) }
        return opened
    }

    static let notTheirs = Problem(
        .forbidden, "Not in your post; and nobody decides about their own device.")

    /// However it stands, and whether or not they may; `nil` where it is not there for the caller.
    static func find(
        _ id: ID<Device>, for act: DeviceAct, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedDevice? {
        tx.add(
            """
            select hold_school(device.school_id) from device
            where device.id = \(id) and \(reach.devices)
            """)
        let found = try await tx.run(
            """
            select device.*, caller_may_act_on_device(device.school_id, device.id, \(act)) as may,
                owner.kind = 'pupil' and place_of_year(owner.year_group) >= place_of_year(
                    setting_now(device.school_id, 'device_hand_in_year') #>> '{}')
                    as is_of_that_year,
                device.school_id = any(schools_of_hand_ins()) as knows_hand_ins,
                setting_now(device.school_id, 'school_data_on_personal_devices') #>> '{}'
                    as school_data,
                (
                    select act.content::text from device_act as act
                    where act.school_id = device.school_id and act.device_id = device.id
                        and act.act in ('registered', 'declared', 'described')
                    order by act.place desc
                    limit 1
                ) as facts,
                (
                    select max(act.from_on)::text from device_act as act
                    where act.school_id = device.school_id and act.device_id = device.id
                        and act.act = any(\(act.follows))
                ) as last_on,
                london_today()::text as today,
                coalesce((device.reading -> 'is_encrypted')::boolean, false) as is_encrypted
            from device_shown as device
            left join person as owner
                on owner.school_id = device.school_id and owner.id = device.owner_id
            where device.id = \(id) and \(reach.devices)
            """)
        guard let school = found.uuid(0, "school_id"),
            let state = found.text(0, "state").flatMap(DeviceState.init)
        else { return nil }
        return OpenedDevice(
            id: id, school: ID(school), isPersonal: found.bool(0, "is_personal") == true,
            isTheirs: found.bool(0, "may") == true, lastOn: found.text(0, "last_on"),
            state: state, device: found)
    }

    var isHeld: Bool { state == .held }

    /// Throws every fault of what is said, all at once; then all that stands against it. What the
    /// device then is, where it is described.
    func check(
        _ said: DeviceAct.Said, _ reach: Reach, in tx: Transaction
    ) async throws -> DeviceFacts? {
        let described = try said.facts.map { try $0.changing(factsTold) }
        let faults =
            try await Self.faultsOfDays(said, at: school, in: tx) + tooEarly(said)
            + PlacedText.faults(of: said.texts, at: school, in: tx)
            + faultsOfRetiring(said) + (described?.faults(at: "/facts") ?? [])
        try said.judge(besides: faults)
        var against = againstItsState(said.act)
        against += standsAgainst(said, described).map { DeviceFault.stands($0) }
        against += try await shut(for: said, in: tx)
        if let described { against += try await takenNames(described, in: tx) }
        guard against.isEmpty else { throw Problem(conflicts: against) }
        return described
    }

    /// That it does not stand so that this could be done.
    func againstItsState(_ act: DeviceAct) -> [Fault] {
        act.states.contains(state) ? [] : [.wrongState(state, needs: act.states)]
    }

    /// What it is, as far as the caller may say it otherwise; who permits a child to walk alone
    /// stays as it was where they may not.
    private var factsTold: EntryContent {
        let facts = EntryContent(text: device.text(0, "facts") ?? "")
        return device.bool(0, "knows_hand_ins") == true
            ? facts : facts.changed(by: ["may_walk_alone": .null])
    }

    /// What is there is wiped before it is retired, and somebody certifies that; of what is gone
    /// nobody can, and a reason is given instead.
    private func faultsOfRetiring(_ said: DeviceAct.Said) -> [JSONFault] {
        guard said.act == .retired, said.certifiedBy == nil else { return [] }
        guard state == .lost || state == .stolen else {
            return [
                JSONFault(
                    pointer: "/certified_by", code: "required", detail: "This act needs it")
            ]
        }
        return said.reason != nil
            ? []
            : [
                JSONFault(
                    pointer: "/reason", code: "required",
                    detail: "Say why it is retired without a certificate")
            ]
    }

    /// What shuts the gate for whoever would have it, or would join the network with it.
    private func shut(for said: DeviceAct.Said, in tx: Transaction) async throws -> [Fault] {
        let asked: (person: ID<Person>, access: Access)? =
            switch said.act {
            case .assigned: said.personID.map { ($0, .device) }
            case .permitted where said.network != DeviceNetwork.none:
                device.uuid(0, "owner_id").map { (ID($0), .network) }
            default: nil
            }
        guard let asked else { return [] }
        return try await Self.shut(for: asked.person, to: asked.access, at: school, in: tx)
    }

    static func shut(
        for person: ID<Person>, to access: Access, at school: ID<School>, in tx: Transaction
    ) async throws -> [Fault] {
        let gate = try await tx.run(Gate.shut(for: person, to: access, at: school))
        return (0..<gate.count).reduce(into: []) { shut, row in
            let words = [gate.text(row, "detail"), gate.text(row, "opening")].compactMap(\.self)
            let fault = Fault(
                pointer: "", code: gate.text(row, "code") ?? "",
                detail: words.joined(separator: ". "))
            // Of several agreements that are not signed it is said once.
            if !shut.contains(fault) { shut.append(fault) }
        }
    }

    /// What stands against it by the device itself, by codes.
    private func standsAgainst(
        _ said: DeviceAct.Said, _ described: DeviceFacts?
    ) -> [String] {
        switch said.act {
        case .assigned: againstAssigning(toOne: said.personID != nil)
        case .takenOffSite:
            holdsData && device.bool(0, "is_encrypted") != true ? ["not_encrypted"] : []
        case .permitted: againstPermitting(said)
        case .profiled: said.filterProfile == .staff ? againstTheStaffProfile : []
        case .described: againstDescribing(said.facts, described)
        case .handedIn: againstHandingIn
        case .collected: device.bool(0, "is_handed_in") == true ? [] : ["not_handed_in"]
        default: []
        }
    }

    /// A device for one is given to a person, one for several to a room; its security is as the
    /// school asks, portable media were scanned, and what is new was assessed (DEV-26).
    func againstAssigning(toOne: Bool) -> [String] {
        var codes = device.texts(0, "failing") ?? []
        switch device.text(0, "ownership").flatMap(DeviceOwnership.init) {
        case .schoolSingle where !toOne: codes.append("for_one_person")
        case .schoolMultiple where toOne: codes.append("for_several")
        default: break
        }
        if isMedia, device.bool(0, "is_clean") != true { codes.append("not_scanned_clean") }
        if device.bool(0, "is_new_technology") == true, device.text(0, "risk_assessment") == nil {
            codes.append("risk_not_assessed")
        }
        return codes
    }

    /// Only what is of staff has it; and of their own what is permitted on the network (DEV-04).
    private var againstTheStaffProfile: [String] {
        guard device.text(0, "_audience") == DeviceAudience.staff.rawValue else {
            return ["not_of_staff"]
        }
        let none = DeviceNetwork.none.rawValue
        let network = device.text(0, "network") ?? none
        return isPersonal && network == none ? ["not_networked"] : []
    }

    /// What is somebody's own stays theirs, in their class, and without the school's data where it
    /// is kept off personal devices.
    private func againstDescribing(
        _ said: DeviceFactsChange?, _ facts: DeviceFacts?
    ) -> [String] {
        guard let said, let facts else { return [] }
        guard facts.ownership.isPersonal == isPersonal else { return ["another_owner"] }
        guard isPersonal else { return [] }
        let audience = device.text(0, "_audience").flatMap(DeviceAudience.init)
        var codes = audience?.ownership == facts.ownership ? [] : ["not_their_class"]
        let isTouched = !said.holdsPersonalData.isAbsent || !said.dataSafeguard.isAbsent
        if isTouched, facts.holdsPersonalData == true {
            codes += againstData(keptSafeBy: facts.dataSafeguard)
        }
        if !said.mayWalkAlone.isAbsent, device.bool(0, "knows_hand_ins") != true {
            codes.append("not_yours_to_say")
        }
        return codes
    }

    /// That the school has its data on no personal device, or on none that is kept so (DEV-22).
    private func againstData(keptSafeBy safeguard: DataSafeguard?) -> [String] {
        let rule = device.text(0, "school_data").flatMap(SchoolDataElsewhere.init) ?? .forbidden
        return [rule.standsAgainst(safeguard)].compactMap(\.self)
    }

    /// Portable media, and what joins the school's network, is scanned first (DEV-15); what is new
    /// was assessed; and the data of the school's on it are kept as the school has it by now.
    private func againstPermitting(_ said: DeviceAct.Said) -> [String] {
        let isUnscanned = device.bool(0, "is_clean") != true
        var codes = (isMedia || said.network == .full) && isUnscanned ? ["not_scanned_clean"] : []
        if device.bool(0, "is_new_technology") == true, said.riskAssessment == nil {
            codes.append("risk_not_assessed")
        }
        guard device.bool(0, "holds_personal_data") == true else { return codes }
        return codes
            + againstData(keptSafeBy: device.text(0, "data_safeguard").flatMap(DataSafeguard.init))
    }

    private var againstHandingIn: [String] {
        var codes: [String] = []
        if device.bool(0, "is_of_that_year") != true { codes.append("not_in_that_year") }
        if device.text(0, "may_walk_alone") == nil { codes.append("may_not_walk_alone") }
        if device.bool(0, "is_handed_in") == true { codes.append("handed_in_already") }
        return codes
    }

    private var isMedia: Bool { device.text(0, "kind") == DeviceKind.penDrive.rawValue }

    private var holdsData: Bool {
        device.bool(0, "holds_personal_data") == true
            || device.bool(0, "records_learners") == true
    }

    /// The day in England.
    var today: String { device.text(0, "today") ?? "" }

    /// What it is called, for whoever reads of its loss.
    var name: String {
        [device.text(0, "name"), device.text(0, "tag"), device.text(0, "serial")]
            .compactMap(\.self).joined(separator: ", ")
    }

    /// Puts it on record.
    static func write(
        _ act: DeviceAct, of id: ID<Device>, at school: ID<School>, to person: ID<Person>? = nil,
        on day: Day? = nil, until: Day? = nil, content: String, incident: ID<Incident>? = nil,
        isOfBatch: Bool = false, by caller: Caller, in tx: Transaction
    ) {
        let kept: SQL =
            act == .described
            ? "facts_said(\(school), \(id), \(content)::jsonb)" : "\(content)::jsonb"
        tx.add(
            Audit.written(
                act.deed, "device_act", version: "null",
                """
                insert into device_act (
                    school_id, id, device_id, place, act, person_id, from_on, until_on, content,
                    incident_id, is_of_batch, done_by_name)
                values (
                    \(school), \(ID<DeviceAct>()), \(id), next_place_of_device(\(school), \(id)),
                    \(act), \(person), coalesce(\(day)::date, london_today()), \(until)::date,
                    \(kept), \(incident), \(isOfBatch), \(caller.name))
                """))
    }
}
