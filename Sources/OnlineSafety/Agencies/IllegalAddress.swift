import Crypto
import FoundationEssentials
import JSON
import OpenAPI
import Postgres

/// The address of illegal material, as it was reported: sealed where it is kept, shown so that
/// nothing can open it, and to a DSL alone (AGY-05).
struct IllegalAddress: Resource {
    let id: ID<IllegalAddress>
    let schoolID: ID<School>
    let address: String?
    let reportedTo: AgencyKind
    let reportedAt: Instant
    let reference: String?
    let words: String?
    let recordedBy: String?
    let recordedAt: Instant

    static let isTagged = false
    static let words = "The address of illegal material that was reported, for a DSL alone."
    static var example: IllegalAddress {
        IllegalAddress(
            id: .example, schoolID: .example, address: "hxxps[:]//example[.]org/images",
            reportedTo: .iwf, reportedAt: .example, reference: "IWF-118822", words: nil,
            recordedBy: "Grace Okafor", recordedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, address, reference, words
        case schoolID = "school_id"
        case reportedTo = "reported_to"
        case reportedAt = "reported_at"
        case recordedBy = "recorded_by"
        case recordedAt = "recorded_at"

        var words: String {
            switch self {
            case .id: "This part of the record."
            case .schoolID: "The school."
            case .address:
                "The address, written so that nothing opens it; where it is read by itself."
            case .reportedTo: "To whom it was reported."
            case .reportedAt: "When."
            case .reference: "Under which reference."
            case .words: "How it was come upon; never what is seen there."
            case .recordedBy: "Who put it down."
            case .recordedAt: "When."
            }
        }
    }

    /// An address to be kept.
    struct Said: RecordBody {
        let address: Text<2000>
        let reportedTo: AgencyKind
        let reportedAt: Instant
        let reference: Text<200>?
        let words: Text<2000>?

        static let schemaName = "IllegalAddressSaid"
        static let words = "The address of illegal material that was reported."
        static var example: Said {
            Said(
                address: "https://example.org/images", reportedTo: .iwf, reportedAt: .example,
                reference: "IWF-118822", words: nil)
        }

        enum CodingKeys: String, FieldWords {
            case address, reference, words
            case reportedTo = "reported_to"
            case reportedAt = "reported_at"

            var words: String {
                self == .address
                    ? "The address, as it was reported."
                    : IllegalAddress.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

/// The keys with which the service seals.
struct Keys: Argument {
    let ring: KeyRing

    static func take(from call: inout Call) -> Keys { Keys(ring: call.service.keys) }
    static func describe(_ operation: inout OperationWords) {}
}

/// Keeping the addresses of illegal material.
enum IllegalAddresses {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/illegal-addresses", "List illegal addresses",
            "To whom they were reported, without the addresses. The reading is on record.",
            for: leads, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/illegal-addresses", "Keep an illegal address",
            "As it was reported to the IWF, CEOP or the police; sealed, for a DSL alone (AGY-05).",
            for: leads, by(keep)),
        .get(
            "/v1/incidents/{incident}/illegal-addresses/{part}", "Read an illegal address",
            "Written so that nothing opens it. The reading is on record.", for: leads,
            onRecord: true, by(read)),
    ]

    private static let leads = [Role].safeguardingLeads.admitted(.openToThePost)

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<IllegalAddress> {
        try await Record.list(shown, of: id, by: "part.recorded_at, part.id", reach, tx)
    }

    static func keep(
        in id: ID<Incident>, _ said: IllegalAddress.Said, with keys: Keys,
        ifUnchanged: IfUnchanged, within reach: Reach, in tx: Transaction
    ) async throws -> Created<IllegalAddress> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try await incident.checkIsPast([("/reported_at", said.reportedAt)], in: tx)
        let own = UUID()
        let content = Kept(
            sealed: Hex.encode(
                keys.ring.seal(Array(said.address.string.utf8), bound: place(of: own))),
            reportedTo: said.reportedTo, reportedAt: said.reportedAt, reference: said.reference,
            words: said.words)
        tx.add(
            incident.putting(
                "illegal_address", as: own, version: 1, JSON.string(of: content),
                at: said.reportedAt.string))
        incident.receipts(moveOnTo: .passedOn, in: tx)
        return Created(tx.stored(one(own, of: id)))
    }

    static func read(
        in id: ID<Incident>, _ own: ID<IllegalAddress>, with keys: Keys, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<IllegalAddress> {
        _ = try await Record.school(of: id, openedWithin: reach, in: tx)
        let found = try await tx.run(one(own.uuid, of: id))
        guard let sealed = found.text(0, "_sealed").flatMap(Hex.decode),
            let text = keys.ring.unsealed(sealed, bound: place(of: own.uuid))
        else { throw Problem(.notFound) }
        return tx.stored(
            "select part.*, \(inert(text)) as address from (\(one(own.uuid, of: id))) as part")
    }

    /// What is kept of one, as JSON.
    private struct Kept: Encodable {
        let sealed: String
        let reportedTo: AgencyKind
        let reportedAt: Instant
        let reference: Text<200>?
        let words: Text<2000>?

        enum CodingKeys: String, CodingKey {
            case sealed, reference, words
            case reportedTo = "reported_to"
            case reportedAt = "reported_at"
        }
    }

    private static func place(of own: UUID) -> [UInt8] {
        Array("illegal address \(own.uuidString.lowercased())".utf8)
    }

    /// No program makes a link of it.
    private static func inert(_ text: [UInt8]) -> String {
        String(decoding: text, as: UTF8.self)
            .replacing("http", with: "hxxp").replacing(":", with: "[:]")
            .replacing(".", with: "[.]")
    }

    private static let shown: SQL = """
        (
            select entry.id, entry.school_id, entry._content ->> 'reported_to' as reported_to,
                (entry._content ->> 'reported_at')::timestamptz as reported_at,
                entry._content ->> 'reference' as reference, entry._content ->> 'words' as words,
                entry.recorded_by, entry.recorded_at, entry._content ->> 'sealed' as _sealed,
                entry._incident_id
            from incident_part_shown as entry
            where entry._kind = 'illegal_address'
        )
        """

    private static func one(_ own: UUID, of id: ID<Incident>) -> SQL {
        "select part.* from \(shown) as part where part._incident_id = \(id) and part.id = \(own)"
    }
}
