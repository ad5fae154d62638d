import Postgres

/// How a school or a trust begins: the operator names it and whoever leads it, who is invited like
/// anybody after them. It is made where it is not there yet; the operator sees no password, and has
/// no account.
///
/// What it is to do comes as lines of `name: value`, not as arguments, which every list of
/// processes shows: `school` or `trust` (its name), `urn` of a school, `role`, `given_name`,
/// `family_name`, `email`.
package struct FirstInvitation {
    private let organisation: String
    private let isOfTrust: Bool
    private let urn: String?
    private let role: Role
    private let givenName: String
    private let familyName: String
    private let email: String

    /// What is wrong with the lines, all of it.
    package struct Faults: Error, CustomStringConvertible {
        package let description: String
    }

    private static let names = [
        "school", "trust", "urn", "role", "given_name", "family_name", "email",
    ]

    /// Throws every fault of the lines at once.
    package init(lines: String) throws(Faults) {
        var (said, faults): ([String: String], [String]) = ([:], [])
        let texts = lines.split(whereSeparator: \.isNewline)
        for line in texts where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(separator: ":", maxSplits: 1).map(Self.trimmed)
            guard parts.count == 2, Self.names.contains(parts[0]), said[parts[0]] == nil,
                (1...200).contains(parts[1].count)
            else {
                faults.append("each line is one of \(Self.names.joined(separator: ", ")), once")
                continue
            }
            said[parts[0]] = parts[1]
        }
        isOfTrust = said["trust"] != nil
        let roles: [Role] =
            isOfTrust ? [.trustAdministrator] : [.headteacher, .schoolAdministrator]
        let role = roles.first { $0.rawValue == said["role"] }
        if (said["school"] == nil) != isOfTrust { faults.append("give either a school or a trust") }
        if role == nil {
            faults.append("role: \(roles.map(\.rawValue).joined(separator: " or "))")
        }
        if let urn = said["urn"], isOfTrust || URN(urn) == nil {
            faults.append("urn: the six digits of a school")
        }
        let email = (said["email"] ?? "").lowercased()
        if MailAddress(email) == nil { faults.append("email: a plain address") }
        for name in ["given_name", "family_name"] where said[name] == nil {
            faults.append("\(name) is missing")
        }
        guard faults.isEmpty, let role else {
            throw Faults(description: faults.joined(separator: "; "))
        }
        organisation = said["school"] ?? said["trust"] ?? ""
        (urn, self.role, self.email) = (said["urn"], role, email)
        (givenName, familyName) = (said["given_name"] ?? "", said["family_name"] ?? "")
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Does it, as `rowan_maintenance`. The link's secret where it is to be shown, because no mail
    /// goes; else the worker sends it.
    package func apply(
        on connection: DirectConnection, byMail: Bool
    ) throws -> String? {
        _ = try connection.run("begin")
        let id = try organisationID(on: connection)
        let person = isOfTrust ? nil : try person(of: id, on: connection)
        let (link, secret) = (ID<PresentedLink>(), byMail ? nil : Secret(of: "link"))
        _ = try connection.run(
            """
            insert into sign_in_link (
                id, purpose, address, secret_hash, lasts_until, needless_at)
            values (
                \(link), 'invitation', \(email), \(secret?.hash), rowan_now() + interval '7 days',
                case when \(!byMail) then rowan_now() end)
            """)
        try invite(to: id, person, by: link, on: connection)
        _ = try connection.run("commit")
        return secret?.string
    }

    private func invite(
        to id: ID<School>, _ person: ID<Person>?, by link: ID<PresentedLink>,
        on connection: DirectConnection
    ) throws(PostgresError) {
        _ = try connection.run(
            """
            with invited as (
                insert into invitation (
                    organisation_id, id, is_of_trust, person_id, name, email, change, link_id,
                    invited_by_name, lasts_until)
                values (
                    \(id), gen_random_uuid(), \(isOfTrust), \(person),
                    \(isOfTrust ? "\(givenName) \(familyName)" : nil), \(email),
                    jsonb_strip_nulls(jsonb_build_object(
                        'kind', 'appointment', 'id', gen_random_uuid(),
                        'person_id', \(person)::uuid, 'role', \(role)::text,
                        'from_on', london_today())),
                    \(link), 'Operator', rowan_now() + interval '7 days')
                returning organisation_id, id
            )
            \(Audit.entry(
                "invited", "invitation", of: "invited.organisation_id", id: "invited.id",
                from: "invited"))
            """)
    }

    /// Of the trust with this name; of the school with this name and URN. A school says its URN of
    /// itself: so whoever has this one under another name is not taken for it.
    private func organisationID(on connection: DirectConnection) throws -> ID<School> {
        let known =
            isOfTrust
            ? try connection.run("select id, name from trust where name = \(organisation) limit 2")
            : try connection.run(
                """
                select id, name from school
                where urn = \(urn) or \(urn)::text is null and name = \(organisation)
                order by name <> \(organisation)
                limit 2
                """)
        let fitting = (0..<known.count).filter { known.text($0, "name") == organisation }
        guard fitting.count < 2 else {
            throw Faults(description: "several are called so: give the urn of the school")
        }
        if let row = fitting.first, let id = known.uuid(row, "id") { return ID(id) }
        if let other = known.text(0, "name") {
            throw Faults(
                description: "a school that is called \"\(other)\" says that this urn is its own: "
                    + "give that name, or take the number from it")
        }
        let id = ID<School>()
        if isOfTrust {
            _ = try connection.run("insert into trust (id, name) values (\(id), \(organisation))")
        } else {
            _ = try connection.run(
                "insert into school (id, name, urn) values (\(id), \(organisation), \(urn))")
        }
        return id
    }

    /// Whoever is on the roster by this name and has no account, or somebody new.
    private func person(
        of school: ID<School>, on connection: DirectConnection
    ) throws(PostgresError) -> ID<Person> {
        let known = try connection.run(
            """
            select id from person
            where school_id = \(school) and given_name = \(givenName)
                and family_name = \(familyName) and account_id is null and kind <> 'pupil'
            order by id limit 1
            """)
        if let id = known.uuid(0, "id") { return ID(id) }
        let id = ID<Person>()
        let kind = role == .headteacher ? "teacher" : "support_staff"
        _ = try connection.run(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values (\(school), \(id), \(kind), \(givenName), \(familyName))
            """)
        return id
    }
}
