import Foundation
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What a register holds after a storm, compared with what it answered.
struct WhatWasKept {
    let connection: DirectConnection

    init(_ ownerURL: String) throws { connection = try DirectConnection(ownerURL) }

    /// None that was answered is lost, none was made twice, and each is whole.
    func agrees(with told: [Load.Told]) throws {
        let kept = try ids("select id from incident")
        #expect(told.allSatisfy { $0.statuses.last == 201 })
        #expect(kept.count == told.count, "as many records as keys")
        #expect(Set(told.map(\.id)) == Set(kept), "those that were answered")
        try isWhole()
    }

    /// Whatever there is of a report, all of it is there.
    func isWhole() throws {
        #expect(try ids(halves).isEmpty, "half-written")
        #expect(try ids(strays).isEmpty, "parts of nothing")
        #expect(try AuditChains.verify(connection).faults == [])
    }

    func ids(_ sql: SQL) throws -> [String] {
        let found = try connection.run(sql)
        return (0..<found.count).compactMap { found.uuid($0, "id")?.uuidString.lowercased() }
    }

    /// Incidents that lack one report, one receipt, one entry with the digest of that report, or a
    /// notice for each who is told.
    private var halves: SQL {
        """
        select incident.id from incident
        where (select count(*) from report where incident_id = incident.id) <> 1
            or (select count(*) from receipt where incident_id = incident.id) <> 1
            or 1 <> (
                select count(*) from event join report on incident_id = incident.id
                where deed = 'reported' and record_ids = array[incident.id]
                    and organisation_id = incident.school_id and account_id = reported_by
                    and digest = digest_of(salt, report_content(report)))
            or (select count(*) from notice where incident_id = incident.id) <> (
                select count(*) from recipients_of_a_report(
                    incident.school_id, concerns, is_child_at_risk, '{}', (
                        select reported_by from report where report.incident_id = incident.id)))
            or not exists (select from notice where incident_id = incident.id)
        """
    }

    /// Entries, keys and notices of incidents that are not there.
    private var strays: SQL {
        """
        select record_ids[1] as id from event
        where deed = 'reported' and not exists (select from incident where id = record_ids[1])
        union all
        select incident_id from notice
        where not exists (select from incident where id = incident_id)
        union all
        select caller_id from idempotency where status is null or not exists (
            select from incident
            where id = (convert_from(idempotency.body, 'UTF8')::jsonb ->> 'id')::uuid)
        """
    }
}
