import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-34, INC-35, INC-36, INC-38
@Suite struct `Images of children` {
    private static func opened(_ types: JSONValue = ["sexting_iioc"]) async throws -> Case {
        let one = try Case(await Register.open())
        let finding = Case.finding(("types", types), ("severity", "high"))
        #expect(try one.triage(finding).status == 201)
        return one
    }

    /// INC-35
    @Test func `are looked at by a DSL alone, with a reason, on such a case alone`() async throws {
        let viewing = CasePartSaid<ImageViewing>.json
        let one = try await Self.opened()
        for role in [Role.headteacher, .onlineSafetyCoordinator, .seniorLeader, .staff] {
            #expect(
                [403, 404].contains(try one.post("image-viewings", viewing, as: role).status),
                "\(role)")
        }
        #expect(
            try one.post("image-viewings", viewing.without(["words"])).faults
                == ["/words": "required"])
        #expect(try one.post("image-viewings", viewing, as: .deputyDSL).status == 201)
        let other = try await Self.opened(["gambling"])
        #expect(
            try other.post("image-viewings", viewing).json["errors"]?.codes == ["not_about_images"])
    }

    /// INC-36, INC-38
    @Test func `are deleted on the DSL's word, and never while an agency must advise`()
        async throws
    {
        let one = try await Self.opened()
        let deletion = CasePartSaid<ImageDeletion>.json
            .without(["evidence_id", "kept_at", "police_keep_a_copy"])
            .with("police_keep_a_copy", false)
        #expect(try one.post("image-deletions", deletion).json["errors"]?.codes == ["not_cleared"])
        let unsure: JSONValue = [
            "no_agency_needed": true, "endangers_nobody": false, "words": "Not known",
        ]
        #expect(
            try one.post("deletion-clearances", unsure).faults
                == ["/endangers_nobody": "must_be_true"])
        let cleared = CasePartSaid<DeletionClearance>.json
        let hold = try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example))
        #expect(hold.status == 201)
        #expect(
            try one.post("deletion-clearances", cleared).json["errors"]?.codes
                == ["under_agency_hold"])
        let wiped = CasePartSaid<DeviceAction>.json.without(["device_id", "what"])
            .with("what", "data_deleted")
        #expect(
            try one.post("device-actions", wiped).json["errors"]?.codes == ["under_agency_hold"])
        // Nor are other settings or the community told.
        let other: JSONValue = [
            "agency": "other_setting", "name": "Larkfield Junior", "route": "telephone",
            "happened_at": "2026-11-20T09:30:00Z", "made_by": "The DSL", "words": "Theirs too",
        ]
        #expect(try one.post("referrals", other).json["errors"]?.codes == ["under_agency_hold"])
        #expect(
            try one.answer(.widerCommunity, ["answer": "done"]).json["errors"]?.codes
                == ["under_agency_hold"])
        #expect(
            Set(try one.post("image-deletions", deletion).json["errors"]?.codes ?? [])
                == ["under_agency_hold", "not_cleared"])
        let advice = try one.post(
            "agency-holds/\(hold.id)/release", JSON.value(of: AgencyHold.Released.example))
        #expect(advice.status == 201)
        #expect(try one.post("deletion-clearances", cleared, as: .headteacher).status == 403)
        #expect(try one.post("deletion-clearances", cleared).status == 201)
        let kept = deletion.without(["police_keep_a_copy"]).with("police_keep_a_copy", true)
        #expect(try one.post("image-deletions", kept).faults == ["/kept_at": "required"])
        #expect(try one.post("image-deletions", deletion).status == 201)
        #expect(try one.post("device-actions", wiped).status == 201)
        // One word of the DSL's is of one image: of the next it is given anew, and after each hold.
        #expect(try one.post("image-deletions", deletion).codes == ["not_cleared"])
        #expect(try one.post("deletion-clearances", cleared).status == 201)
        try one.register.database.execute(
            "update agency_hold set at = rowan_now() + interval '1 minute'")
        #expect(try one.post("image-deletions", deletion).codes == ["not_cleared"])
        try one.register.database.execute(
            "update agency_hold set at = rowan_now() - interval '1 day'")
        #expect(try one.post("image-deletions", deletion).status == 201)
    }

    /// INC-34: an image that is printed, passed on or with the wrong person is a further concern.
    @Test func `stand against closing until they are where the police want them`() async throws {
        let one = try await Self.opened(["cyberbullying"])
        try one.complete()
        let described = try JSON.value(of: Evidence.Described.example)
            .with("is_indecent_image", true)
        let put = try one.post("evidence", described.with("was_printed", true))
        #expect(put.status == 201 && put.json["is_indecent_image"] == true)
        let path = "\(one.path)/evidence/\(put.id)"
        let pointer = "/evidence/\(put.id)"
        func refused() throws -> [String: String] {
            try one.post("closure", ["outcome": "Done"]).faults
        }
        #expect(try refused() == [pointer: "image_unsecured"])
        // Whoever printed it does not say that it was not.
        let coordinator = one.register.as(.onlineSafetyCoordinator)
        #expect(try coordinator.put(path, described, ["If-Match": "\"1\""]).status == 403)
        #expect(try coordinator.ask("DELETE", path, ["If-Match": "\"1\""]).status == 403)
        let unprinted = try one.register.as(.dsl).put(path, described, ["If-Match": "\"1\""])
        #expect(unprinted.status == 200)
        #expect(try refused() == [pointer: "image_unsecured"], "nobody was directed")
        let secured = try one.register.as(.dsl).put(
            path, described.with("is_held_for_police", true), ["If-Match": "\"2\""])
        #expect(secured.status == 200)
        #expect(try refused().isEmpty)
    }

    @Test func `stand against closing no more once that very one was deleted`() async throws {
        let one = try await Self.opened()
        func unsecured() throws -> [String] {
            try one.register.as(.dsl).get("\(one.path)/closure").json.list("unmet")
                .filter { $0["code"] == "image_unsecured" }.compactMap { $0["pointer"]?.text }
        }
        let described = try JSON.value(of: Evidence.Described.example)
            .with("is_indecent_image", true)
        let (first, second) = (
            try one.post("evidence", described), try one.post("evidence", described)
        )
        #expect(
            try Set(unsecured()) == ["/evidence/\(first.id)", "/evidence/\(second.id)"])
        try one.put("deletion-clearances", CasePartSaid<DeletionClearance>.json)
        let deletion = CasePartSaid<ImageDeletion>.json
            .without(["evidence_id", "kept_at", "police_keep_a_copy"])
            .with("police_keep_a_copy", false)
        #expect(
            try one.post("image-deletions", deletion.with("evidence_id", .string(one.id))).faults
                == ["/evidence_id": "unknown_entry"])
        try one.put("image-deletions", deletion.with("evidence_id", .string(first.id)))
        #expect(try unsecured() == ["/evidence/\(second.id)"])
    }
}
