import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Which pupils have accounts, and how far they go.
@Suite struct `Accounts of pupils` {
    private let school = TestSchool.hawthorn

    @Test(arguments: PupilAccounts.allCases)
    func `ACC-07: each school says whether pupils have accounts of their own`(
        word: PupilAccounts
    ) async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        try access.sets("pupil-accounts", to: .string(word.rawValue))
        let asked = try access.ask(system, for: school.pupil)
        #expect(asked.codes == (word == .none ? ["pupils_have_none"] : []))
        // Some: where it is said why; school approved: only once it is.
        let other = try access.pupil("Kim", year: "3")
        let unsaid = try access.ask(system, for: other, ["why": .null])
        #expect((unsaid.faults == ["/why": "required"]) == (word == .some))
        if word != .none {
            #expect(try access.act("activation", on: asked.id, by: .technician).status == 409)
            #expect(try access.act("approval", on: asked.id, by: .headteacher).status == 201)
            #expect(try access.act("activation", on: asked.id, by: .technician).status == 201)
            // One on each platform.
            #expect(try access.ask(system, for: school.pupil).codes == ["held_already"])
            let second = try access.system("Times Tables")
            #expect(try access.ask(second, for: school.pupil).status == 201)
        }
        // A system may be stricter than the school, and not weaker.
        let strict = try access.system("Strict", .learningPlatform, ["pupil_accounts": "none"])
        #expect(try access.ask(strict, for: school.pupil).codes == ["pupils_have_none"])
        let weak = try access.system("Weak", .learningPlatform, ["pupil_accounts": "each"])
        #expect((try access.ask(weak, for: school.pupil).status == 409) == (word == .none))
        // Adults are no pupils.
        #expect(try access.ask(strict, for: school.person(.staff)).status == 201)
    }

    @Test func `ACC-05: the level of pupils is that of their phase`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system(
            "Network", .network,
            [
                "school_devices_only": true,
                "levels": [
                    ["phase": "eyfs", "level": "none"],
                    [
                        "phase": "key_stage_1", "level": "demonstrated",
                        "material": "Mashcams and 2Paint",
                    ],
                    ["phase": "key_stage_2", "level": "supervised"],
                ],
            ])
        let young = try access.pupil("Kim", year: "r")
        #expect(try access.ask(system, for: young).codes == ["not_in_this_phase"])
        let infant = try access.pupil("Ada", year: "2")
        let shown = try access.read(access.give(system, to: infant))
        #expect(shown["pupil_level"] == "demonstrated")
        #expect(shown["material"] == "Mashcams and 2Paint")
        #expect(shown.json["school_devices_only"] == true)
        let junior = try access.give(system, to: school.pupil)
        #expect(try access.read(junior)["pupil_level"] == "supervised")
        // With their year group changes how far they go.
        try access.register.database.execute(
            "update person set year_group = '3' where id = '\(infant)'")
        #expect(try access.list("person_id=\(infant)").map { $0["pupil_level"] } == ["supervised"])
        let adult = try access.give(system, to: school.person(.staff))
        let adults = try access.read(adult)
        #expect(!adults.keys.contains("pupil_level") && !adults.keys.contains("material"))
    }

    /// Where the school asks for it, as the gate says (ACC-10): of the reason those know who may.
    @Test func `no account is given before parents allow it`() async throws {
        let family = try await Family.open()
        let access = AccessAtWork(register: family.register)
        let system = try access.system("Mail", .pupilEmail, ["opens": "email"])
        try family.asks(.pupilEmail)
        let asked = try access.ask(system, for: family.child)
        #expect(try access.act("approval", on: asked.id, by: .headteacher).status == 201)
        let byTechnician = try access.act("activation", on: asked.id, by: .technician)
        #expect(byTechnician.status == 409 && byTechnician.codes == ["ask_the_school"])
        let byOffice = try access.act("activation", on: asked.id, by: .office)
        #expect(byOffice.status == 409 && byOffice.codes == ["consent_missing"])
        try family.says(Family.mother, .consent, to: .pupilEmail)
        #expect(try access.act("activation", on: asked.id, by: .technician).status == 201)
    }
}
