import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Source 003: a federation where no pupil has a phone at school, but those of Year 6 who walk
/// alone and leave it at the office.
@Suite struct `The phones of Year 6` {
    @Test func `a phone is declared, permitted, left at the office each day, and withdrawn`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let (office, head) = (devices.register.as(.office), devices.register.as(.headteacher))
        try devices.sets(setting: "device-hand-in-year", to: 6)
        let rules: JSONValue = [
            "statement": "The federation answers for no phone that is brought",
            "rules": [
                [
                    "audiences": ["pupil"], "places": ["office"],
                    "times": ["before_school", "after_school"],
                    "answer": "allowed", "words": "To leave and to collect it",
                ],
                ["audiences": ["pupil"], "answer": "no"],
            ],
        ]
        #expect(try devices.sets("use-rules", rules).status == 200)
        let roster = try office.roster([
            row("P61", "pupil", "Ada", "Birch", [("year_group", "Year 6")]),
            row("P51", "pupil", "Ben", "Birch", [("year_group", "Year 5")]),
        ])
        #expect(roster.number("added") == 2, "\(roster.json)")
        let older = try pupil("P61", office)
        let younger = try pupil("P51", office)

        // The mother has written that she walks; the office declares the phone, the head decides.
        let facts: [String: JSONValue] = [
            "ownership": "student_owned", "name": "A blue phone",
            "may_walk_alone": "Mother, by letter of 16 November",
        ]
        let declared = try devices.declaring(older, facts)
        #expect(declared["statement"] == "The federation answers for no phone that is brought")
        let waiting = try head.get("/v1/duties?kind=personal_device_to_decide").data
        #expect(waiting.map { $0["record_id"]?.text } == [declared.id])
        let permitted = try devices.act(
            "permitted", on: declared.id, ["network": "none", "until_on": "2027-07-21"],
            by: .headteacher)
        #expect(permitted["state"] == "permitted", "\(permitted.json)")
        #expect(try head.get("/v1/duties?kind=personal_device_to_decide").data == [])

        // Each morning it is handed in, each afternoon collected, and there is a log of both.
        for day in ["2026-11-23", "2026-11-24"] {
            try devices.at("\(day)T08:40:00Z")
            let left = try devices.act("handed_in", on: declared.id, by: .office)
            #expect(left.json["is_handed_in"] == true)
            try devices.at("\(day)T15:20:00Z")
            let given = try devices.act("collected", on: declared.id, by: .office)
            #expect(given.json["is_handed_in"] == false)
        }
        #expect(
            try devices.read(declared.id, as: .office).json.acts == [
                "declared", "permitted", "handed_in", "collected", "handed_in", "collected",
            ])
        let inClass = try decides(devices, on: declared.id, of: older, at: "classroom")
        #expect(inClass.json["reasons"] == ["rule_says_no"])
        let atTheDoor = try decides(
            devices, on: declared.id, of: older, at: "office", "&time=before_school")
        #expect(atTheDoor["decision"] == "yes" && atTheDoor["network"] == "none")

        // Her brother of Year 5 has none, whatever the letter says.
        let his = try devices.declaring(younger, facts)
        #expect(
            try devices.act("handed_in", on: his.id, by: .office).codes == ["not_in_that_year"])
        #expect(
            try devices.act(
                "refused", on: his.id, ["reason": "For Year 6 only"], by: .headteacher
            )["state"] == "refused")

        // It was used on the playground: it stays at home from now on.
        let withdrawn = try devices.act(
            "withdrawn", on: declared.id, ["reason": "Used on the playground"], by: .headteacher)
        #expect(withdrawn["state"] == "withdrawn")
        #expect(
            try devices.act("handed_in", on: declared.id, by: .office).faults
                == ["": "wrong_state"])
        #expect(
            try decides(devices, on: declared.id, of: older, at: "office", "&time=before_school")
                .json["reasons"] == ["no_longer_permitted"])
    }

    private func pupil(_ id: String, _ office: Visitor) throws -> UUID {
        let found = try #require(try office.known(id)?["id"]?.text)
        return try #require(UUID(uuidString: found))
    }

    private func decides(
        _ devices: DevicesAtWork, on device: String, of pupil: UUID, at place: String,
        _ time: String = ""
    ) throws -> Reading {
        try devices.register.as(.technician).get(
            "/v1/device-decisions?device_id=\(device)&person_id=\(pupil)&place=\(place)\(time)")
    }
}
