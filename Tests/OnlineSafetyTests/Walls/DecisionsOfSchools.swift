import JSON

@testable import OnlineSafety

private let describers: Set<Role> = [.headteacher, .schoolAdministrator]
private let keepers: Set<Role> = describers.union([.office])
private let atSchool = permanent.filter(\.isOfASchool)

extension Decision {
    /// ORG-03, ORG-10: all of a school know its calendar; its headteacher and its administrator say
    /// what it is known by, and with the office keep the calendar.
    static let ofSchools: [String: Decision] = [
        "describe_a_school": Decision(describers, within(describers)) { asking in
            try asking.one(
                "PUT", "/v1/schools/{id}", asking.school, ["If-Match": "*"],
                ["name": .string(asking.stand.school.name), "year_groups": []])
        },
        "list_calendar_years": Decision(atSchool, within(atSchool)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/calendar")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_a_calendar_year": Decision(atSchool, within(atSchool)) { asking in
            try asking.one("GET", year, asking.school)
        },
        "set_a_calendar_year": Decision(keepers, within(keepers)) { asking in
            try asking.one(
                "PUT", year, asking.school, ["If-Match": "*"],
                JSON.value(of: CalendarYear.Choice.example))
        },
        "read_the_school_day": Decision(atSchool, within(atSchool)) { asking in
            try asking.one("GET", "/v1/schools/{id}/school-day", asking.school)
        },
        "set_the_school_day": Decision(keepers, within(keepers)) { asking in
            try asking.one(
                "PUT", "/v1/schools/{id}/school-day", asking.school, ["If-Match": "*"],
                JSON.value(of: SchoolDay.Choice.example))
        },
        "list_days": Decision(atSchool, within(atSchool)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/days")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
    ]

    private static let year = "/v1/schools/{id}/calendar/2026"
}
