import Postgres

/// May this device, of this owner, be used here, on which network and filter profile, and why not
/// (DEV-32).
enum DecidingOnDevices {
    static let routes: [Route] = [
        .get(
            "/v1/device-decisions", "Decide on a device",
            """
            By the device matrix, the register, what was permitted, the rules of use, the gate, \
            and whether it is held as evidence. What the school has left blank is told as \
            `not_decided`, never as no. Of a device that is not registered its class is given \
            instead.
            """,
            for: Devices.readers.admitted(.devicesOfSchool) + [Role.staff].admitted(.ownDevices),
            by(decide))
    ]

    static func decide(
        _ asked: DeviceQuestion, within reach: Reach, in tx: Transaction
    ) -> Stored<DeviceDecision> {
        // Of a class no device is looked for: what a look at none costs is most of the statement.
        let isTheirs: SQL = asked.device.map { "device.id = \($0) and \(reach.devices)" } ?? "false"
        return tx.stored(
            """
            with device as materialized (
                select device.* from device_shown as device where \(isTheirs)
            ), thing as materialized (
                select person.school_id, person.id as person_id, device.id as device_id,
                    device_audience(person.kind) as audience,
                    coalesce(device.ownership, \(asked.ownership)::text) as ownership,
                    coalesce(device.is_personal, \(asked.isPersonal)::boolean) as is_personal,
                    coalesce(device.is_held, false) as is_held, device.state, device.network,
                    device.holder_id, device.owner_id, device.off_site_until,
                    coalesce(device.has_standing_permission, false) as has_standing_permission,
                    \(fromOutside), \(unsafe) as unsafe,
                    coalesce(device.is_new_technology, false) as is_new_technology,
                    case when device_audience(person.kind) = 'staff' then device.filter_profile end
                        as filter_profile
                from person
                left join device on device.school_id = person.school_id
                where person.id = \(asked.person)
                    and person.school_id = any(\(reach.schoolsOfDevices))
                    and (\(asked.device)::uuid is null or device.id is not null)
            ), asked as materialized (
                select thing.school_id, array[thing.person_id] as people,
                    case when thing.is_personal then 'network' else 'device' end as to_have
                from thing
            ), \(Gate.shutting(on: "london_today()", but: "")), \(cells), \(rule(for: asked)),
            \(reasons(for: asked)), \(network(for: asked))
            select thing.school_id, thing.device_id, thing.person_id, \(asked.place) as place,
                \(asked.time)::text as time,
                case
                    when reasons.use <> '{}' then 'no'
                    when reasons.undecided && '{matrix_is_blank}' then 'not_decided'
                    else 'yes'
                end as decision,
                reasons.use as reasons, network.network, reasons.network as network_reasons,
                array(
                    select unnest(reasons.undecided)
                    union all
                    select 'network_is_blank' where network.network = 'not_decided'
                ) as undecided,
                coalesce(thing.filter_profile, 'pupil') as filter_profile,
                array(
                    select cell.words from cell
                    where cell.words is not null and cell.answer = 'yes'
                    union all select rule.words from rule where rule.words is not null
                ) as bounds,
                case when \(asked.time)::text is null and rule.answer = 'allowed'
                    then array(select jsonb_array_elements_text(rule.times)) end as times,
                case when thing.is_personal then setting_now(
                    thing.school_id, 'school_data_on_personal_devices') #>> '{}' end as school_data
            from thing
            cross join reasons
            cross join network
            left join rule on true
            """)
    }

    /// Portable media, and what joins the school's network, is scanned first (DEV-15).
    private static let fromOutside: SQL = """
        device.kind = 'pen_drive' as is_media,
        (device.kind = 'pen_drive' or device.is_personal and device.network = 'full')
            and device.is_clean is distinct from true as is_unscanned
        """

    /// That school data are on a personal device as the school does not have it by now (DEV-22);
    /// `SchoolDataElsewhere.standsAgainst` says the same.
    private static let unsafe: SQL = """
        case when device.is_personal and device.holds_personal_data then
            case setting_now(device.school_id, 'school_data_on_personal_devices') #>> '{}'
                when 'forbidden' then 'school_data_forbidden'
                when 'closed_system' then case
                    when device.data_safeguard is distinct from 'closed_system'
                    then 'data_unsafe' end
                when 'with_second_factor' then case
                    when device.data_safeguard is null then 'data_unsafe' end
            end
        end
        """

    /// What the matrix says of its class.
    private static let cells: SQL = """
        cell as materialized (
            select cell.permission, cell.answer, cell.words
            from thing
            cross join lateral rule_said_on(
                thing.school_id, 'device_matrix', '', london_today()) as rule
            cross join lateral jsonb_to_recordset(rule.content -> 'cells')
                as cell (ownership text, permission text, answer text, words text)
            where cell.ownership = thing.ownership
        ), matrix as materialized (
            select max(cell.answer) filter (where cell.permission = 'in_school') as in_school,
                case
                    when bool_or(cell.permission = 'full_network' and cell.answer = 'yes')
                        then 'full'
                    when bool_or(cell.permission = 'internet_only' and cell.answer = 'yes')
                        then 'internet'
                    when bool_or(cell.permission = 'no_network' and cell.answer = 'yes')
                        or count(*) filter (
                            where cell.permission in ('full_network', 'internet_only')) = 2
                        then 'none'
                end as network
            from cell
        )
        """

    /// The first rule of use that fits; of the school's own devices there is none. What was
    /// arranged beforehand goes before a rule; in toilets and changing rooms only where it names
    /// them.
    private static func rule(for asked: DeviceQuestion) -> SQL {
        """
        rule as materialized (
            select said.answer, said.times, said.words
            from thing
            cross join lateral rule_said_on(
                thing.school_id, 'device_use', '', london_today()) as rule
            cross join lateral rows from (
                jsonb_to_recordset(rule.content -> 'rules')
                    as (audiences jsonb, places jsonb, times jsonb, answer text, words text)
            ) with ordinality as said (audiences, places, times, answer, words, place)
            where thing.is_personal and said.audiences ? thing.audience
                and (said.places is null or said.places ? \(asked.place))
                and (said.times is null or \(asked.time)::text is null
                    or said.times ? \(asked.time)::text)
            order by said.place
            limit 1
        ), exception as materialized (
            select from thing
            join register_in_force as arranged on arranged.school_id = thing.school_id
                and arranged.kind = 'device_exception'
                and arranged.content ->> 'person_id' = thing.person_id::text
                and coalesce(
                    arranged.content -> 'places' ? \(asked.place), \(asked.place) <> 'toilets')
            limit 1
        )
        """
    }

    /// What stands against its use, what against its being on the network, and what nobody decided.
    /// Of a device that is held nothing else is told of it.
    private static func reasons(for asked: DeviceQuestion) -> SQL {
        """
        reasons as materialized (
            select
                array_remove(array[
                    case when thing.is_held then 'held' end,
                    case when coalesce(thing.owner_id <> thing.person_id, false)
                            or thing.ownership = 'school_single'
                            and coalesce(thing.holder_id <> thing.person_id, false)
                        then 'anothers' end,
                    case when thing.state = 'registered' then 'not_assigned'
                        when thing.state in ('lost', 'stolen', 'damaged', 'returned', 'retired')
                            then 'not_in_use'
                        when thing.state = 'refused' then 'was_refused'
                        when thing.state = 'withdrawn' then 'no_longer_permitted'
                        when thing.state = 'declared'
                                and (thing.is_new_technology or thing.is_media)
                            then 'not_permitted_yet' end,
                    case when thing.is_unscanned and not thing.is_held
                        then 'not_scanned_clean' end,
                    case when not thing.is_held then thing.unsafe end,
                    case when \(asked.place) = 'off_site' and (thing.state = 'assigned'
                            or thing.off_site_until < london_today())
                            and not thing.has_standing_permission
                        then 'not_permitted_off_site' end,
                    case when matrix.in_school = 'no' and \(asked.place) <> 'off_site'
                        then 'matrix_says_no' end,
                    case when rule.answer = 'no' and not exists (select from exception)
                        then 'rule_says_no' end,
                    case when rule.answer = 'with_permission'
                            and not exists (select from exception)
                        then 'permission_needed' end
                ], null) || case when not thing.is_personal
                    then coalesce(shut.codes, '{}') else '{}' end as use,
                array_remove(array[
                    case when thing.is_personal and thing.device_id is null
                        then 'not_registered' end,
                    case when thing.state = 'declared' then 'not_permitted_yet' end
                ], null) || case when thing.is_personal
                    then coalesce(shut.codes, '{}') else '{}' end as network,
                case when matrix.in_school is null and rule.answer is null
                        and coalesce(thing.state, '') not in (
                            'assigned', 'off_site', 'permitted', 'held')
                    then array['matrix_is_blank'] else '{}' end as undecided
            from thing
            cross join matrix
            left join rule on true
            left join shut on shut.person_id = thing.person_id
        )
        """
    }

    /// The widest network that the matrix names, and of a personal device no wider than was
    /// permitted; where the matrix is blank a permission decides.
    private static func network(for asked: DeviceQuestion) -> SQL {
        """
        network as materialized (
            select case
                when reasons.use <> '{}' or \(asked.place) = 'off_site' then 'none'
                when reasons.network <> '{}' then 'none'
                when matrix.network is null then coalesce(thing.network, 'not_decided')
                when 'none' in (matrix.network, thing.network) then 'none'
                when 'internet' in (matrix.network, thing.network) then 'internet'
                else 'full'
            end as network
            from thing
            cross join matrix
            cross join reasons
        )
        """
    }
}

extension DeviceQuestion {
    /// Of a class that is given instead of a device.
    var isPersonal: Bool? { ownership?.isPersonal }
}

extension Reach {
    /// The schools where the caller knows of any device.
    var schoolsOfDevices: [ID<School>] { schools(.devicesOfSchool, or: .ownDevices) }
}
