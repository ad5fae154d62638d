import FoundationEssentials
import Postgres

/// An entry of a small register, as a school would have it.
struct DemoEntry {
    let kind: String

    /// The post in which it is written.
    let author: String
    let daysAgo: Int

    /// What it says, as JSON.
    let words: String

    /// Whom it names, by field: the holder of a post, or a pupil. A field that ends in `ids` is a
    /// list.
    let people: [String: String]

    /// One of each register of devices, policies and keeping up to date.
    static let all = [
        DemoEntry(
            kind: "wireless_key_issue", author: "technician", daysAgo: 30,
            words: #"{"network": "Guests", "for_what": "The peripatetic's laptop"}"#,
            people: ["person_id": "staff"]),
        DemoEntry(
            kind: "device_app", author: "technician", daysAgo: 60,
            words: #"""
                {"name": "Book Creator", "devices": "Chromebooks of Year 2",
                    "records_learners": false}
                """#, people: ["authorised_by_id": "headteacher"]),
        DemoEntry(
            kind: "device_exception", author: "headteacher", daysAgo: -3,
            words: #"""
                {"what": "Keep the phone on, on silent", "why": "A relative is in hospital",
                    "places": ["classroom"]}
                """#, people: ["person_id": "staff", "approver_id": "headteacher"]),
        DemoEntry(
            kind: "trip_phone", author: "staff", daysAgo: 2,
            words: #"{"trip": "Year 2 to the museum", "emergencies_only": true}"#,
            people: ["person_id": "staff"]),
        DemoEntry(
            kind: "contractor_device", author: "headteacher", daysAgo: 12,
            words: #"""
                {"contractor": "Two fitters of the heating firm", "device": "A tablet",
                    "for_what": "Job sheets", "captures_nobody": true}
                """#, people: ["watched_by_id": "technician"]),
        DemoEntry(
            kind: "confiscation", author: "deputy_dsl", daysAgo: 1,
            words: #"""
                {"device": "A black phone, cracked at the corner",
                    "authority": "Behaviour policy, section 9", "kept_at": "The office safe"}
                """#, people: ["person_id": "pupil", "taken_by_id": "staff"]),
        DemoEntry(
            kind: "equipment_check", author: "technician", daysAgo: 5,
            words: #"""
                {"what": "report_tool", "devices": "Chromebooks of Year 2",
                    "sound": ["tool_is_there"], "finding": "Chromebook 3 lacks the button"}
                """#, people: ["checked_by_id": "technician"]),
        DemoEntry(
            kind: "temporary_image", author: "staff", daysAgo: 4,
            words: #"{"device": "DEMO-1", "is_schools": true, "session": "The harvest assembly"}"#,
            people: ["keeper_id": "staff"]),
        DemoEntry(
            kind: "contact_phone", author: "headteacher", daysAgo: 80,
            words: #"{"is_issued": true, "number": "The trip phone, 01632 960001"}"#,
            people: ["person_id": "staff"]),
        DemoEntry(
            kind: "professional_update", author: "deputy_dsl", daysAgo: 16,
            words: #"{"how": "meeting", "name": "County network", "learnt": "Generated images"}"#,
            people: ["who_id": "online_safety_coordinator"]),
        DemoEntry(
            kind: "stakeholder_input", author: "deputy_dsl", daysAgo: 370,
            words: #"""
                {"groups": ["parents"], "policy": "Online safety policy",
                    "words": "The rules are too long", "outcome": "A page for infants was made"}
                """#, people: [:]),
        DemoEntry(
            kind: "policy_announcement", author: "deputy_dsl", daysAgo: 344,
            words: #"{"policy": "Online safety policy", "channels": ["website", "newsletter"]}"#,
            people: [:]),
        DemoEntry(
            kind: "oversight_record", author: "deputy_dsl", daysAgo: 9,
            words: #"{"what": "monitoring_report", "subject": "What the filter stopped"}"#,
            people: ["people_ids": "headteacher"]),
    ]
}

extension Demo {
    /// What the small registers say.
    func loadEntries(in school: DemoSchool) throws {
        for entry in DemoEntry.all {
            let named = try entry.people.sorted { $0.key < $1.key }.map { field, role in
                (field: field, person: try person(role, of: school))
            }
            try write(
                entry.kind, entry.words, daysAgo: entry.daysAgo,
                fields: named.map(\.field), people: named.map(\.person), in: school,
                as: entry.author)
        }
    }

    /// Writes an entry; each field names the person beside it, and a list all that stand beside it.
    func write(
        _ kind: String, _ words: String, daysAgo: Int, fields: [String], people: [UUID],
        in school: DemoSchool, as role: String
    ) throws {
        let author = try become(role, of: school)
        try keep(
            "entry_recorded", kind, version: "written.version",
            """
            insert into register_entry (
                school_id, id, kind, version, act, content, from_on, people, written_by_name)
            select \(school.id), \(UUID()), \(kind), 1, 'recorded',
                \(words)::jsonb || coalesce(
                    jsonb_object_agg(named.field, named.value)
                        filter (where named.field is not null), '{}'),
                london_today() - \(daysAgo)::integer, \(people)::uuid[], \(author)
            from (values (1)) as one (row)
            left join (
                select said.field,
                    case when said.field like '%ids' then jsonb_agg(said.person)
                        else to_jsonb(min(said.person::text)) end as value
                from unnest(\(fields)::text[], \(people)::uuid[]) as said (field, person)
                group by said.field
            ) as named on true
            """)
    }
}
