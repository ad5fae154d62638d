import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Source 000: an infant school whose tablets are each issued to one member of staff, who signs for
/// it, takes it home by permission alone, and whose headteacher signs what was checked.
@Suite struct `A week with an iPad` {
    private let teacher = TestSchool.hawthorn.person(.staff)

    @Test func `from the shelf to the kitchen table and back into the cupboard`() async throws {
        let devices = try await DevicesAtWork.open()
        try devices.at("2026-11-16T08:00:00Z")
        let (register, iPad) = (devices.register, try settles(devices))

        // Monday: whoever has not signed is given no iPad, and is told what is missing.
        let shut = try devices.register.as(.technician).post("/v1/device-issues", issue(of: iPad))
        #expect(shut.status == 409 && shut.codes == ["agreement_unsigned"])
        #expect(try decides(devices, on: iPad) == ["no", "not_assigned", "agreement_unsigned"])
        try signs(register)
        let issued = try devices.register.as(.technician).post("/v1/device-issues", issue(of: iPad))
        #expect(issued.status == 201, "\(issued.json)")
        let hers = try devices.read(iPad, as: .staff)
        #expect(hers["state"] == "assigned" && hers["kept_where"] == "Cupboard, out of sight")

        // It is hers on the whole network, behind the filter of the staff, as the matrix says; and
        // not her colleague's, who has signed nothing either.
        #expect(try decides(devices, on: iPad) == ["yes", "full", "staff"])
        #expect(
            try decides(devices, on: iPad, in: .office) == ["no", "anothers", "agreement_unsigned"])
        #expect(try decides(devices, on: iPad, at: "off_site") == ["no", "not_permitted_off_site"])

        // Wednesday: the coordinator, whom the policy names, lets her take it home for a night.
        try devices.at("2026-11-18T15:30:00Z")
        let home: [String: JSONValue] = ["until_on": "2026-11-19", "duties_confirmed": true]
        for role in [Role.staff, .technician, .headteacher] {
            let told = try devices.act("taken_off_site", on: iPad, home, by: role)
            #expect(told.status == 403, "\(role)")
        }
        let away = try devices.act(
            "taken_off_site", on: iPad, home, by: .onlineSafetyCoordinator)
        #expect(away["state"] == "off_site" && away["off_site_until"] == "2026-11-19")
        #expect(try decides(devices, on: iPad, at: "off_site") == ["yes", "none", "staff"])
        let due = try register.as(.staff).get("/v1/duties?kind=device_off_site_ends").data
        #expect(due.map { $0["due_on"] } == ["2026-11-19"])

        // Thursday: it is back, and nothing is due of it.
        try devices.at("2026-11-19T08:10:00Z")
        #expect(try devices.act("brought_back", on: iPad, by: .staff)["state"] == "assigned")
        #expect(try register.as(.staff).get("/v1/duties?kind=device_off_site_ends").data == [])
        #expect(
            try devices.read(iPad).json.acts == [
                "registered", "read", "assigned", "taken_off_site", "brought_back",
            ])
    }

    @Test func `what was checked on Friday is signed by the headteacher, and locked`() async throws
    {
        let devices = try await DevicesAtWork.open()
        let (technician, head) = (
            devices.register.as(.technician), devices.register.as(.headteacher)
        )
        let rules = "/v1/schools/\(devices.school.id)/review-rules/monitoring_check"
        let rule = try head.put(
            rules,
            [
                "is_held": true, "period": "months", "months": 1, "responsible": ["technician"],
                "sign_off": ["headteacher"], "required": ["summary", "evidence"],
            ], ["If-Match": "*"])
        let check = try #require(rule["next_review_id"])

        // The button by which pupils report is there, but on one Chromebook.
        let looked = try technician.post(
            "/v1/equipment-checks",
            [
                "what": "report_tool", "devices": "Chromebooks of Year 2, iPads of Reception",
                "checked_by_id": .string(devices.school.person(.technician).lowercased),
                "sound": ["tool_is_there"], "finding": "Chromebook 7 lacks the button",
            ])
        #expect(looked.status == 201, "\(looked.json)")

        // What staff and pupils searched for was looked through; one who looked does not sign.
        let record: JSONValue = [
            "summary": "Two searches by mistake, both stopped by the filter",
            "evidence": ["The export of the week", "The check of the report tool"],
        ]
        let wanting = try technician.post(
            "/v1/reviews/\(check)/acts",
            ["act": "completed", "record": ["summary": "Nothing"]])
        #expect(wanting.faults == ["/record/evidence": "required"])
        let done = try technician.post(
            "/v1/reviews/\(check)/acts",
            [
                "act": "completed", "record": record,
                "actions": [
                    [
                        "words": "Put the button on Chromebook 7", "owner_role": "technician",
                        "due_on": "2026-11-27",
                    ]
                ],
            ])
        #expect(done["state"] == "completed", "\(done.json)")
        let sign: JSONValue = ["act": "signed_off"]
        #expect(try technician.post("/v1/reviews/\(check)/acts", sign).status == 403)
        let waiting = try head.get("/v1/duties?kind=review_to_sign").data
        #expect(waiting.map { $0["record_id"]?.text } == [check])
        let signed = try head.post("/v1/reviews/\(check)/acts", sign)
        #expect(signed["state"] == "signed_off" && signed["signed_by"] == "Headteacher")
        let again = try technician.post(
            "/v1/reviews/\(check)/acts", ["act": "completed", "record": record])
        #expect(again.status == 409)
        // The next check is planned by itself.
        let next = try head.get("/v1/reviews?kind=monitoring_check&state=scheduled,due").data
        #expect(next.map { $0["due_on"] } == ["2026-12-20"])
    }

    // MARK: - What it takes

    /// The school's matrix, who lets a tablet go home, the agreement for tablets; and an iPad that
    /// is locked and encrypted, as teachers' notes of pupils are on it.
    private func settles(_ devices: DevicesAtWork) throws -> String {
        try devices.sets("matrix", DevicesAtWork.matrixOf000)
        try devices.sets(
            setting: "device-off-site-approvers", to: ["online_safety_coordinator"])
        let template = try devices.register.template(
            "Tablet, iPad and Chromebook agreement", for: [["kind": "teacher"]])
        _ = try devices.register.publish(
            agreementText(["title": "Tablets", "opens": ["device"]]), of: template)
        let iPad = try devices.device(
            "SI-014", ["name": "iPad of 1C", "holds_personal_data": true])
        let read = try devices.act(
            "read", on: iPad,
            ["is_encrypted": true, "has_passcode": true, "is_updated": true, "lock_minutes": 5])
        try #require(read.status == 201, "\(read.json)")
        return iPad
    }

    private func issue(of device: String) -> JSONValue {
        [
            "person_id": .string(teacher.lowercased), "device_ids": [.string(device)],
            "kept_where": "Cupboard, out of sight", "duties_confirmed": true,
        ]
    }

    /// She finds the agreement among what she has to do, and signs it.
    private func signs(_ register: Register) throws {
        let template = try #require(
            try register.as(.staff).get("/v1/agreement-templates").data.first?["id"]?.text)
        let agreement = try register.issue(template, to: teacher.lowercased)
        let signed = try register.as(.staff).post(
            "/v1/agreements/\(agreement)/signatures", signature())
        try #require(signed.status == 201, "\(signed.json)")
    }

    /// What is decided, and why not, or on which network and behind which filter.
    private func decides(
        _ devices: DevicesAtWork, on device: String, in role: Role = .staff,
        at place: String = "classroom"
    ) throws -> [String] {
        let told = try devices.register.as(.technician).get(
            "/v1/device-decisions?device_id=\(device)&place=\(place)"
                + "&person_id=\(devices.school.person(role))")
        try #require(told.status == 200, "\(told.json)")
        let reasons = told.json.list("reasons").compactMap(\.text)
        return [told["decision"] ?? ""]
            + (reasons.isEmpty ? [told["network"] ?? "", told["filter_profile"] ?? ""] : reasons)
    }
}
