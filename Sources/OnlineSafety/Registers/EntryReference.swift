import JSON
import Postgres

extension RegisterField {
    /// The places of a field at which there is no id of what it asks for.
    func unknown(
        in content: EntryContent, at school: ID<School>, of incident: ID<Incident>? = nil,
        in tx: Transaction
    ) async throws -> [JSONFault] {
        let ids = content.texts(key.stringValue)
        guard let reference, !ids.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.place::integer as place from unnest(\(ids)::text[]) with ordinality
                as said (id, place)
            where not exists (\(reference.sought(at: school, of: incident)))
            order by said.place
            """)
        return (0..<found.count).map { row in
            let place = (found.int(row, "place") ?? 1) - 1
            return JSONFault(
                pointer: "/\(key.stringValue)" + (isList ? "/\(place)" : ""),
                code: reference.code, detail: reference.detail)
        }
    }
}

extension RegisterField.Reference {
    /// What `said.id` must be the id of.
    fileprivate func sought(at school: ID<School>, of incident: ID<Incident>?) -> SQL {
        switch self {
        case .person(holding: []):
            """
            select from person_listed as person
            where person.school_id = \(school) and person.id = said.id::uuid
                and person.kind <> 'pupil' and not has_left(person.school_id, person.id)
            """
        case .person(let posts):
            """
            select from post_ever as post
            where post.school_id = \(school) and post.person_id = said.id::uuid
                and post.role = any(\(posts)) and holds_today(post.from_on, post.until_on)
            """
        case .anybody:
            """
            select from person_listed as person
            where person.school_id = \(school) and person.id = said.id::uuid
            """
        case .entry(let kind, let inForce):
            """
            select from register_entry_shown as other
            where other.school_id = \(school) and other.id = said.id::uuid
                and other._kind = \(kind.description) and not other.is_withdrawn
                and (not \(inForce)::boolean or holds_today(other._from_on, other._until_on))
            """
        case .device:
            """
            select from device
            where device.school_id = \(school) and device.id = said.id::uuid
            """
        case .involved:
            """
            select from involvement_shown as involved
            where involved.school_id = \(school) and involved._incident_id = \(incident)
                and involved.id = said.id::uuid
            """
        case .part(let kind):
            """
            select from incident_part_shown as part
            where part.school_id = \(school) and part._incident_id = \(incident)
                and part._kind = \(kind.description) and part.id = said.id::uuid
            """
        case .evidence:
            """
            select from evidence_shown as evidence
            where evidence.school_id = \(school) and evidence._incident_id = \(incident)
                and evidence.id = said.id::uuid
            """
        case .incident:
            """
            select from incident
            where incident.school_id = \(school) and incident.id = said.id::uuid
            """
        }
    }

    fileprivate var code: String {
        switch self {
        case .person(holding: []), .anybody, .involved: "unknown_person"
        case .person: "not_in_such_a_post"
        case .entry, .part, .evidence: "unknown_entry"
        case .device: "unknown_device"
        case .incident: "unknown_incident"
        }
    }

    fileprivate var detail: String {
        switch self {
        case .person(holding: []): "Name an adult of the school's roster who has not left"
        case .person(let posts):
            "Name somebody of the school who is today: "
                + posts.map { $0.label.lowercased() }.joined(separator: ", ")
        case .anybody: "Name somebody of the school's roster"
        case .involved: "Name somebody of those involved, by their place in the record"
        case .entry(let kind, inForce: true):
            "Name what the school's \(kind.description.replacing("_", with: " ")) list has today"
        case .entry(let kind, inForce: false):
            "Name \(kind.description.replacing("_", with: " ")) entries of the same school"
        case .part(let kind):
            "Name a \(kind.description.replacing("_", with: " ")) of the same incident"
        case .evidence: "Name a piece of evidence of the same incident"
        case .device: "Name a device of the school's"
        case .incident: "Name an incident that is open to you"
        }
    }
}
