import JSON
import OpenAPI
import Postgres

extension RegisterField {
    /// An adult of the roster: `supervisor` is told as `supervisor_id`, and shown with the name.
    static func person(
        _ name: StaticString, _ words: String, needed: Bool = false, holding posts: [Role] = [],
        as example: String = ID<Person>.example.string
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return id(
            name, words, needed, example, .person(holding: posts),
            """
            (
                select person.given_name || ' ' || person.family_name
                from person_listed as person
                where person.school_id = entry.school_id
                    and person.id = (entry._content ->> '\(sql)_id')::uuid
            )
            """)
    }

    /// Somebody of the roster, a pupil too: shown with the name.
    static func anybody(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField {
        var field = person(name, words, needed: needed)
        field.reference = .anybody
        return field
    }

    /// An entry of another register, which has a `name`.
    static func entry(
        _ name: StaticString, of kind: StaticString, _ words: String, needed: Bool = false,
        inForce: Bool = false
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return id(
            name, words, needed, ID<RegisterEntry>.example.string,
            .entry(kind, inForce: inForce),
            """
            (
                select other._content ->> 'name' from register_entry_shown as other
                where other.school_id = entry.school_id
                    and other.id = (entry._content ->> '\(sql)_id')::uuid
            )
            """)
    }

    /// Somebody involved in the incident: `child` is told as `child_id`, and shown with the name.
    static func involved(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return id(
            name, words, needed, ID<Involvement>.example.string, .involved,
            """
            (
                select involved.name from involvement_shown as involved
                where involved.school_id = entry.school_id
                    and involved._incident_id = entry._incident_id
                    and involved.id = (entry._content ->> '\(sql)_id')::uuid
            )
            """)
    }

    /// A device of the school, by its id alone.
    static func device(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField { plain(name, .device, words, needed) }

    /// A piece of evidence of the same incident, by its id alone.
    static func evidence(_ name: StaticString, _ words: String) -> RegisterField {
        plain(name, .evidence, words, false)
    }

    /// An incident, told as `incident_id` and shown to whom it is open: no policy but that of
    /// incidents is asked.
    static func incident(_ name: StaticString, _ words: String) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        var field = RegisterField(
            "\(name)_id", ID<Incident>.self, words, false, .string(ID<Incident>.example.string),
            """
            (
                select incident.id from incident
                where incident.school_id = entry.school_id
                    and incident.id = (entry._content ->> '\(sql)_id')::uuid
            ) as \(sql)_id
            """)
        field.reference = .incident
        return field
    }

    /// A part of another kind of the same incident's record, by its id alone.
    static func part(
        _ name: StaticString, of kind: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField { plain(name, .part(kind), words, needed) }

    private static func plain(
        _ name: StaticString, _ reference: Reference, _ words: String, _ needed: Bool
    ) -> RegisterField {
        var field = scalar(
            name, ID<RegisterEntry>.self, words, needed,
            .string(ID<RegisterEntry>.example.string), "uuid")
        field.reference = reference
        return field
    }

    private static func id(
        _ name: StaticString, _ words: String, _ needed: Bool, _ example: String,
        _ reference: Reference, _ shownName: SQL
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        var field = RegisterField(
            "\(name)_id", ID<Person>.self, words, needed, .string(example),
            "(entry._content ->> '\(sql)_id')::uuid as \(sql)_id, \(shownName) as \(sql)")
        field.reference = reference
        field.named = EntryKey(name.description, "\(words) By name.")
        return field
    }

    /// Some adults of the roster, at most fifty: `technical` is told as `technical_ids`.
    static func people(
        _ name: StaticString, _ words: String, needed: Bool = false, holding posts: [Role] = [],
        as example: String = ID<Person>.example.string
    ) -> RegisterField {
        var field = several(name, Few<ID<Person>, 50>.self, words, needed, example)
        field.reference = .person(holding: posts)
        return field
    }

    /// Adults of the roster who were there, at most two hundred: `attended` is told as
    /// `attended_ids`.
    static func attended(_ name: StaticString, _ words: String) -> RegisterField {
        var field = several(
            name, Few<ID<Person>, 200>.self, words, false, ID<Person>.example.string)
        field.reference = .person(holding: [])
        return field
    }

    /// Some of the roster, pupils too, at most two hundred, each of whom must permit something: as
    /// `took_part` is told as `took_part_ids`.
    static func permitted(
        _ name: StaticString, to purpose: ConsentPurpose, _ words: String, needed: Bool = false
    ) -> RegisterField {
        var field = several(
            name, Few<ID<Person>, 200>.self, words, needed, ID<Person>.example.string)
        field.reference = .anybody
        field.permission = purpose
        return field
    }

    private static func several<Value: Codable & Sendable>(
        _ name: StaticString, _ type: Value.Type, _ words: String, _ needed: Bool,
        _ example: String
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        var field = RegisterField(
            "\(name)_ids", type, words, needed, [.string(example)],
            """
            \(list("\(sql)_ids", "uuid")) as \(sql)_ids,
            case when entry._content ? '\(sql)_ids' then array(
                select person.given_name || ' ' || person.family_name
                from person_listed as person
                where person.school_id = entry.school_id
                    and entry._content -> '\(sql)_ids' ? person.id::text
                order by 1
            ) end as \(sql)
            """)
        field.named = EntryKey(name.description, "\(words) By name.")
        return field
    }

    /// The values of a list, each cast.
    static func list(_ name: SQL, _ element: SQL) -> SQL {
        """
        case when entry._content ? '\(name)' then array(
            select jsonb_array_elements_text(entry._content -> '\(name)')::\(element)
        ) end
        """
    }
}
