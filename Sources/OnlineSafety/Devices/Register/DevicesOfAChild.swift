import Postgres

extension Strand {
    /// Which devices a child had, and what became of them while they had them. What is handed in
    /// and collected day by day is not told.
    static let ofDevices = Strand(
        kinds: told.map { Kind("device_\($0.rawValue)", "A device: \($0.label.lowercased())") }
    ) { child in
        """
        select act.id, 'device_' || act.act, act.from_on, null::timestamptz, act.done_at,
            concat_ws('; ', fact.name, fact.kind, fact.tag, act.content ->> 'reason'),
            null::text[], act.done_by_name, null::text, null::uuid, null::text,
            '/v1/devices/' || act.device_id
        from (
            select own.device_id, own.place, (
                    -- That it came back is the last that is told.
                    select min(
                        next.place + case when next.act = 'returned' then 1 else 0 end)
                    from device_act as next
                    where next.school_id = own.school_id and next.device_id = own.device_id
                        and next.place > own.place
                        and next.act in ('assigned', 'returned', 'wiped')
                ) as until
            from device_act as own
            where own.school_id = \(child.school) and own.person_id = \(child.id)
                and own.act = 'assigned'
            union all
            select device.id, 0, null from device
            where device.school_id = \(child.school) and device.owner_id = \(child.id)
        ) as held
        join device_act as act
            on act.school_id = \(child.school) and act.device_id = held.device_id
            and act.place >= held.place and (held.until is null or act.place < held.until)
        cross join lateral (
            select described.content ->> 'name' as name, described.content ->> 'kind' as kind,
                described.content ->> 'tag' as tag
            from device_act as described
            where described.school_id = act.school_id and described.device_id = act.device_id
                and described.act in ('registered', 'declared', 'described')
            order by described.place desc
            limit 1
        ) as fact
        where act.act = any(\(told.map(\.rawValue)))
        """
    }

    private static let told: [DeviceAct] = [
        .assigned, .takenOffSite, .broughtBack, .returned, .lost, .stolen, .damaged, .recovered,
        .declared, .permitted, .refused, .withdrawn,
    ]
}
