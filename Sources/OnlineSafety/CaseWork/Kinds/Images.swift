import JSON
import Postgres

/// That somebody had to look at an image (INC-35).
enum ImageViewing: CasePartKind {
    static let part = CasePart(
        kind: "image_viewing", path: "image-viewings",
        words: """
            That a DSL had to look at an image of a child, and why there was no other way: on a \
            case of sexting or child abuse images alone, by a DSL or deputy alone (INC-35).
            """,
        writers: .safeguardingLeads, readers: .imageReaders, isFinal: true,
        fields: [
            .moment("happened_at", "When.", needed: true),
            .prose(
                "words", "Why there was no other way to keep the child safe.", needed: true,
                as: "The child could not say what it shows, and an agency asked"),
            .line("witness", "Who was there besides.", needed: true, as: "The headteacher"),
            .line("place", "Where.", needed: true, as: "The DSL's room, on the child's own phone"),
        ],
        standsAgainst: { _, incident, tx in try await incident.isNotAboutImages(tx) })
}

/// The DSL's word that an image may be deleted (INC-36).
enum DeletionClearance: CasePartKind {
    static let part = CasePart(
        kind: "deletion_clearance", path: "deletion-clearances",
        words: """
            The DSL's word that no other agency needs to be involved, and that to delete the image \
            endangers no child and no investigation (INC-36).
            """,
        writers: .safeguardingLeads, readers: .imageReaders, isFinal: true,
        fields: [
            .yesOrNo("no_agency_needed", "That no other agency needs it.", needed: true),
            .yesOrNo(
                "endangers_nobody", "That it endangers no child and no investigation.",
                needed: true),
            .prose(
                "words", "By what that is known.", needed: true,
                as: "The police were asked on 101 and need nothing; both children agree"),
        ],
        faults: { said in
            ["no_agency_needed", "endangers_nobody"].filter { !said.isTrue($0) }.map {
                JSONFault(
                    pointer: "/\($0)", code: "must_be_true",
                    detail: "As long as it is not so, nothing is deleted")
            }
        },
        standsAgainst: { _, incident, tx in
            try await incident.isNotAboutImages(tx) + incident.isHeldForAnAgency(tx)
        })
}

/// That an image was deleted (INC-36).
enum ImageDeletion: CasePartKind {
    static let part = CasePart(
        kind: "image_deletion", path: "image-deletions",
        words: """
            That an image was deleted, by whom and from where; only after the DSL's word that it \
            may be, and never while an agency must advise first. Copies are kept at the request of \
            the police alone (INC-36).
            """,
        writers: .safeguardingLeads, readers: .imageReaders, isFinal: true,
        fields: [
            .moment("happened_at", "When.", needed: true),
            .line(
                "from", "From where; never what it shows.", needed: true, as: "The child's phone"),
            .evidence(
                "evidence_id",
                "Which evidence of the record it was, if any: that is unsecured no more."),
            .line("deleted_by", "By whom.", needed: true, as: "The child, with the DSL beside her"),
            .yesOrNo(
                "police_keep_a_copy", "Whether the police asked that a copy be kept.",
                needed: true),
            .line("kept_at", "Where that is kept, and by whom.", as: "The DSL's safe, sealed"),
            .prose("words", "More of it.", as: "She saw it done on the other phone too"),
        ],
        faults: { said in
            guard said.isTrue("police_keep_a_copy") != said.has("kept_at") else { return [] }
            return [.wanted("kept_at", "Say where a copy is kept if, and only if, one is")]
        },
        standsAgainst: { _, incident, tx in
            let found = try await tx.run(
                """
                select count(*) filter (where part._kind = 'deletion_clearance')
                    > count(*) filter (where part._kind = 'image_deletion') as is_cleared
                from incident_part_shown as part
                where part.school_id = \(incident.school) and part._incident_id = \(incident.id)
                    and part._kind in ('deletion_clearance', 'image_deletion')
                    and part.recorded_at >= coalesce((
                        select max(hold.held_at) from agency_hold_shown as hold
                        where hold.school_id = \(incident.school)
                            and hold._incident_id = \(incident.id)), '-infinity')
                """)
            let isUncleared = Fault(
                pointer: "", code: "not_cleared",
                detail: "A DSL puts down first, for each deletion and after any hold, that no "
                    + "agency needs it and nobody is endangered")
            let isCleared = found.bool(0, "is_cleared") == true
            return try await incident.isHeldForAnAgency(tx) + (isCleared ? [] : [isUncleared])
        })
}

/// What was done with a device because of an incident (INC-37).
enum DeviceAction: CasePartKind {
    static let part = CasePart(
        kind: "device_action", path: "device-actions",
        words: """
            What was done with a device because of an incident, by whom, and on which authority \
            (INC-37). While an agency must advise first, no data is deleted and nothing is returned.
            """,
        fields: [
            .moment("happened_at", "When.", needed: true),
            .word("what", DeviceDeed.self, "What.", needed: true),
            .line("device", "Which device.", needed: true, as: "A black phone, her own"),
            .device("device_id", "The device, if it is of the register."),
            .line("done_by", "By whom.", needed: true, as: "Daniel Okoro"),
            .word("authority", SearchAuthority.self, "On which authority.", needed: true),
            .prose("words", "More of it, and where it is now.", as: "Switched off, in the safe"),
        ],
        faults: { said in
            guard said.text("authority") == SearchAuthority.other.rawValue, !said.has("words")
            else { return [] }
            return [.wanted("words", "Say on which authority")]
        },
        standsAgainst: { said, incident, tx in
            let waits = [DeviceDeed.dataDeleted, .returned].map(\.rawValue)
            return waits.contains(said.text("what") ?? "")
                ? try await incident.isHeldForAnAgency(tx) : []
        })
}

/// What can be done with a device (INC-37).
enum DeviceDeed: String, Words {
    case removed
    case screenOff = "screen_off"
    case storedSecurely = "stored_securely"
    case quarantined
    case searched
    case confiscated
    case dataDeleted = "data_deleted"
    case returned

    var label: String {
        switch self {
        case .removed: "It was taken out of the room"
        case .screenOff: "Its screen was turned off"
        case .storedSecurely: "It was stored securely"
        case .quarantined: "It is kept until the police have advised"
        case .searched: "It was searched"
        case .confiscated: "It was confiscated"
        case .dataDeleted: "Data on it was deleted"
        case .returned: "It was returned"
        }
    }
}

/// On which authority a device is searched or kept (INC-37).
enum SearchAuthority: String, Words {
    case behaviourPolicy = "behaviour_policy"
    case educationAct = "education_act_2011"
    case searchingGuidance = "searching_guidance"
    case consent
    case policeRequest = "police_request"
    case other

    var label: String {
        switch self {
        case .behaviourPolicy: "The published behaviour policy"
        case .educationAct: "The powers of the Education Act 2011"
        case .searchingGuidance: "The DfE's advice on searching, screening and confiscation"
        case .consent: "Its owner agreed"
        case .policeRequest: "The police asked for it"
        case .other: "Another, which is named"
        }
    }
}

extension OpenedIncident {
    /// What stands against an entry that only a case of images has (INC-35).
    fileprivate func isNotAboutImages(_ tx: Transaction) async throws -> [Fault] {
        let found = try await tx.run(
            """
            select from incident
            where school_id = \(school) and id = \(id) and 'sexting_iioc' = any (types)
            """)
        guard found.isEmpty else { return [] }
        return [
            Fault(
                pointer: "", code: "not_about_images",
                detail: "It is put down of a case of sexting or child abuse images alone")
        ]
    }

    /// What stands against deleting or telling anything while an agency must advise first (INC-38).
    func isHeldForAnAgency(_ tx: Transaction) async throws -> [Fault] {
        let found = try await tx.run(
            "select is_held(\(school), \(id), rowan_now()) as is_held")
        guard found.bool(0, "is_held") == true else { return [] }
        return [
            Fault(
                pointer: "", code: "under_agency_hold",
                detail: "An agency must advise first: wait until the hold is released")
        ]
    }
}
