import JSON
import OpenAPI
import Postgres

extension Client {
    /// A client of which somebody knows the secret who goes.
    struct Known: Codable, Exemplary, Named {
        static let schemaName = "KnownClient"
        static let schemaWords: String? = "A live client whose secret somebody knows who goes."

        let id: ID<Client>
        let name: String

        static var example: Known { Known(id: .example, name: "MIS") }

        enum CodingKeys: String, FieldWords {
            case id, name

            var words: String {
                switch self {
                case .id: "The client."
                case .name: "What it is."
                }
            }
        }
    }

    /// That the secrets of a client stay as they are.
    struct Kept: Body {
        let words: Text<500>

        static let schemaName = "ClientKept"
        static let words = "Why nobody who goes can use what they know of a client."
        static var example: Kept {
            Kept(words: "She typed it into the MIS in my presence, and kept no copy.")
        }

        enum CodingKeys: String, FieldWords {
            case words

            var words: String {
                switch self {
                case .words: "Why."
                }
            }
        }
    }
}

/// Saying that a client's secrets need no rotation, though somebody goes who knows them (USR-11).
enum KeepingSecrets {
    static let route: Route = .post(
        "/v1/clients/{client}/confirmation", "Confirm the secrets of a client",
        """
        That its secrets and reporting tokens stay as they are, though somebody goes who made one \
        and so knows it: `wants_rotation` is false from then on, until somebody else goes. With \
        the reason, on record. Where it is in doubt make another secret instead.
        """,
        for: Clients.keepers.admitted(.ownClients), by(keep)
    ).afterStepUp().takingBodies(upTo: 4 << 10)

    static func keep(
        _ id: ID<Client>, _ kept: Client.Kept, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Client> {
        let found = try await tx.run(
            "select client._organisation_id from (\(Clients.one(id, reach))) as client")
        guard let organisation = found.uuid(0, "_organisation_id") else {
            throw Problem(.notFound)
        }
        tx.add("select keep_client(\(organisation), \(id), \(kept.words), \(reach.caller.name))")
        return Created(tx.stored(Clients.one(id, reach)))
    }
}
