import JSON

/// On what schools differ in the use of devices (section 23: S-24, S-36, S-37, S-40).
enum DeviceSettings {
    static let all: [Setting] = [
        schoolData, lockMinutes("", "computers", 60),
        lockMinutes("_staff", "devices of one member of staff", 90),
        lockMinutes("_pupils", "devices of one pupil", 15), postureDays, connectDays,
        offSiteApprovers, videoOffSiteApprovers, standingOffSite, handInYear,
    ]

    private static let schoolData = Setting(
        "school_data_on_personal_devices", "School data on personal devices",
        """
        Whether school e-mail and data may be on personal devices: also there, there with a second \
        factor, there in a closed system only, or never (DEV-22, S-37).
        """,
        .word(SchoolDataElsewhere.allCases.map(\.rawValue)), usual: "forbidden",
        stronger: .later)

    private static func lockMinutes(
        _ audience: String, _ whose: String, _ usual: Int
    ) -> Setting {
        Setting(
            "device_lock_minutes\(audience)", "Locking of \(whose)",
            """
            After how many minutes at most \(whose) lock when nobody uses them; 0 where the \
            school asks for no time (DEV-12, S-24).
            """,
            .number(0...240, of: "minutes"), usual: .number(JSONNumber(usual)),
            stronger: .lessButNotNone)
    }

    private static let postureDays = Setting(
        "device_posture_days", "How often the security of devices is read",
        """
        After how many days the anti-virus, updates, encryption, passcode and lock of a device are \
        read again; 0 where the school gives no time (DEV-11).
        """,
        .number(0...366, of: "days"), usual: 0, stronger: .lessButNotNone)

    private static let connectDays = Setting(
        "device_connect_days", "Within how many school days a personal device joins the wireless",
        """
        Within how many school days a personal device that is permitted on a network is to be \
        registered there and given its filter profile (NOT-08); 0 where nobody is asked to.
        """,
        .number(0...30, of: "school days"), usual: 1, stronger: .lessButNotNone)

    private static let offSiteApprovers = Setting(
        "device_off_site_approvers", "Who permits a device off the site",
        "Which posts permit a device of the school's off its site (DEV-08, S-40).",
        .posts(approvers), usual: ["headteacher", "senior_leader", "online_safety_coordinator"],
        stronger: nil)

    private static let videoOffSiteApprovers = Setting(
        "device_video_off_site_approvers", "Who permits videoconferencing equipment off the site",
        "Which posts permit equipment for videoconferences off the site (DEV-08, S-40).",
        .posts(approvers), usual: ["dsl", "deputy_dsl"], stronger: nil)

    private static let standingOffSite = Setting(
        "device_standing_off_site", "Staff take their laptops home",
        """
        Whether members of staff have a standing permission to take the laptop that they were \
        given off the site (DEV-08, source 003). It covers none that holds personal data and is \
        not known to be encrypted; every other device needs a permission each time.
        """, .flag, usual: false, stronger: .false)

    private static let approvers: [Role] = [
        .headteacher, .seniorLeader, .onlineSafetyCoordinator, .dsl, .deputyDSL, .office,
        .technician, .schoolAdministrator,
    ]

    private static let handInYear = Setting(
        "device_hand_in_year", "From which year on phones are handed in",
        """
        From which year on pupils who may walk alone hand in a phone at the office in the morning \
        and collect it at the end of the day; 0 where none do (DEV-17, S-36).
        """,
        .number(0...13, of: "years"), usual: 0, stronger: nil)
}
