import JSON
import Postgres

extension OpenedDevice {
    /// That its days or its person cannot be.
    static func faultsOfDays(
        _ said: DeviceAct.Said, at school: ID<School>, in tx: Transaction
    ) async throws -> [JSONFault] {
        let found = try await tx.run(
            """
            select coalesce(
                    \(said.on)::date between london_today() - 366 and london_today(), true)
                    as is_past,
                coalesce(
                    \(said.untilOn)::date between london_today() and london_today() + 731, true)
                    as is_ahead,
                \(said.personID)::uuid is null or exists (
                    select from person
                    where person.school_id = \(school) and person.id = \(said.personID)
                        and coalesce(person.left_on >= london_today(), true)
                ) as is_known
            """)
        var faults: [JSONFault] = []
        func note(_ pointer: String, _ code: String, _ detail: String) {
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        if found.bool(0, "is_past") != true {
            note("/on", "out_of_range", "Today, or a day of the year before")
        }
        if found.bool(0, "is_ahead") != true {
            note("/until_on", "out_of_range", "From today to two years ahead")
        }
        if found.bool(0, "is_known") != true {
            note("/person_id", "unknown_person", "Name somebody of the school who has not left")
        }
        return faults
    }

    /// That what it takes the place of was done later: how a device stands is as it was last said,
    /// and that must be as it was last.
    func tooEarly(_ said: DeviceAct.Said) -> [JSONFault] {
        guard let day = said.on?.string, let lastOn, day < lastOn else { return [] }
        return [DeviceFault.fault("/on", "before_the_last")]
    }
}
