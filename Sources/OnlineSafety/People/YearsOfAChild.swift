import Postgres

extension Strand {
    /// When a child came, went, and was in which class.
    static let ofYears = Strand(
        kinds: [
            Kind("joined", "The child joined the school"),
            Kind("left", "The child left the school, or is to"),
            Kind("moved", "The child moved to another class or year group"),
        ]
    ) { child in
        """
        select person.id, come.kind, come.day, null::timestamptz, person.created_at, come.words,
            null::text[], null::text, null::text, null::uuid, null::text,
            '/v1/people/' || person.id
        from person
        cross join lateral (
            values ('joined', person.joined_on, null), ('left', person.left_on, null)
        ) as come (kind, day, words)
        where person.school_id = \(child.school) and person.id = \(child.id)
            and come.day is not null
        union all
        select md5(person.id::text || told.version)::uuid, 'moved', london_day(told.until_at),
            told.until_at, told.until_at,
            concat_ws(
                ' to ', concat_ws(', ', told.year_group, told.class_name),
                concat_ws(', ', told.next_year, told.next_class)),
            null::text[], null::text, null::text, null::uuid, null::text,
            '/v1/people/' || person.id
        from person
        cross join lateral (
            select was.version, was.until_at, was.year_group, was.class_name,
                case when lead(was.version) over later is null then person.year_group
                    else lead(was.year_group) over later end as next_year,
                case when lead(was.version) over later is null then person.class_name
                    else lead(was.class_name) over later end as next_class
            from person_version as was
            where was.school_id = person.school_id and was.person_id = person.id
            window later as (order by was.version)
        ) as told
        where person.school_id = \(child.school) and person.id = \(child.id)
            and (told.year_group, told.class_name) is distinct from (
                told.next_year, told.next_class)
        """
    }

    /// In what way a child was vulnerable: those who read chronologies read markers.
    static let ofMarkers = Strand(
        kinds: [
            Kind("marker_recorded", "It was put down in what way the child is vulnerable"),
            Kind("marker_ended", "That is over"),
        ]
    ) { child in
        """
        select marker.id, told.kind, told.day, null::timestamptz, told.at,
            concat_ws('; ', replace(marker.kind, '_', ' '), told.words), null::text[], told.by,
            null::text, null::uuid, null::text,
            '/v1/people/' || marker.person_id || '/vulnerability-markers'
        from vulnerability_marker_shown as marker
        cross join lateral (
            select 'marker_recorded' as kind,
                coalesce(marker.from_on, london_day(marker.recorded_at)) as day,
                marker.recorded_at as at, marker.note as words, marker.recorded_by as by
            union all
            select 'marker_ended', london_day(marker.ended_at), marker.ended_at, marker.reason,
                marker.ended_by
            where marker.ended_at is not null
        ) as told
        where marker.school_id = \(child.school) and marker.person_id = \(child.id)
        """
    }
}
