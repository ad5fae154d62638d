import OpenAPI
import Postgres

/// Which devices to list.
struct DeviceFilter: Filter {
    let school: ID<School>?
    let kinds: [DeviceKind]?
    let ownerships: [DeviceOwnership]?
    let states: [DeviceState]?
    let holder: ID<Person>?
    let owner: ID<Person>?
    let known: String?
    let isFailing: Bool?
    let failing: [DeviceFailing]?
    let isPersonal: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        kinds = query.words("kind", DeviceKind.self)
        ownerships = query.words("ownership", DeviceOwnership.self)
        states = query.words("state", DeviceState.self)
        holder = query.id("holder_id", of: Person.self)
        owner = query.id("owner_id", of: Person.self)
        known = query.take("known_by")
        isFailing = query.flag("is_failing")
        failing = query.words("failing", DeviceFailing.self)
        isPersonal = query.flag("is_personal")
        if (known?.utf8.count ?? 0) > 100 {
            query.note("known_by", "too_long", "At most 100 characters")
        }
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("kind", "Only of these kinds.", DeviceKind.self),
        .words("ownership", "Only of these classes.", DeviceOwnership.self),
        .words("state", "Only what stands so.", DeviceState.self),
        .query("holder_id", "Only what this person has.", .id, nil),
        .query("owner_id", "Only what is this person's own.", .id, nil),
        .query(
            "known_by", "Only what has this tag or serial number, in any case.", .text(),
            "HW-0142"),
        .query(
            "is_failing", "Only what fails in something, or in nothing.", .boolean, true),
        .words("failing", "Only what fails in one of these.", DeviceFailing.self),
        .query("is_personal", "Only what is somebody's own, or the school's.", .boolean, false),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or device.school_id = \(school))
        and (\(kinds)::text[] is null or device.kind = any(\(kinds)))
        and (\(ownerships)::text[] is null or device.ownership = any(\(ownerships)))
        and (\(states)::text[] is null or device.state = any(\(states)))
        and (\(holder)::uuid is null or device.holder_id = \(holder))
        and (\(owner)::uuid is null or device.owner_id = \(owner))
        and (\(known)::text is null
            or lower(\(known)::text) in (lower(device.tag), lower(device.serial)))
        and (\(isFailing)::boolean is null or (device.failing <> '{}') = \(isFailing))
        and (\(failing)::text[] is null or device.failing && \(failing)::text[])
        and (\(isPersonal)::boolean is null or device.is_personal = \(isPersonal))
        """
    }
}

/// In what a device's security is not as the school asks (DEV-11, DEV-12).
enum DeviceFailing: String, Words {
    case noAntiVirus = "no_anti_virus"
    case notUpdated = "not_updated"
    case notEncrypted = "not_encrypted"
    case noPasscode = "no_passcode"
    case locksLate = "locks_late"
    case readLongAgo = "read_long_ago"
    case neverRead = "never_read"

    var label: String { DeviceFault.words[rawValue] ?? "" }
}

/// The orders in which they can be listed.
enum DeviceOrder: String, SortOrder {
    case newest = "-registered_at"
    case oldest = "registered_at"

    var sql: SQL {
        self == .newest
            ? "device.registered_at desc, device.id desc" : "device.registered_at, device.id"
    }

    var key: SQL { "device.registered_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .newest
            ? "(device.registered_at, device.id) < (\(key)::text::timestamptz, \(id)::uuid)"
            : "(device.registered_at, device.id) > (\(key)::text::timestamptz, \(id)::uuid)"
    }
}
