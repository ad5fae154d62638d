/// What a school permits to which class of device, and whose own may be used where and when; in
/// versions, each from a day on (DEV-02, DEV-18).
enum DeviceRules {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/device-matrix", "Read the device matrix",
            """
            What is permitted to each class of device: six classes by four permissions (DEV-02). \
            Of a cell that is not there nobody has decided; a school that has set nothing has \
            none.
            """,
            for: [Role].ofASchool.admitted(.ownDeviceRules), by(SchoolRule<DeviceMatrix>.read)),
        .put(
            "/v1/schools/{school}/device-matrix", "Set the device matrix",
            "All of it at once, from a day on. What held before is kept. Requires If-Match.",
            for: Devices.rulers.admitted(.ownDeviceRules), by(SchoolRule<DeviceMatrix>.set)),
        .get(
            "/v1/schools/{school}/device-use-rules", "Read the rules of use of personal devices",
            """
            Whose own phones and devices may be used where and when, and what is kept with each \
            that is declared (DEV-18, DEV-34).
            """,
            for: [Role].ofASchool.admitted(.ownDeviceRules), by(SchoolRule<UseRules>.read)),
        .put(
            "/v1/schools/{school}/device-use-rules", "Set the rules of use of personal devices",
            "All of them at once, from a day on. What held before is kept. Requires If-Match.",
            for: Devices.rulers.admitted(.ownDeviceRules), by(SchoolRule<UseRules>.set)),
    ]
}

extension Relation {
    static let ownDeviceRules = rules(
        "device rules",
        "What is permitted to devices in the schools in which the post is held (section 25).")
}
