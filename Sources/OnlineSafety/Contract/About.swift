import Bytes
import Crypto
import JSON
import OpenAPI

/// What a front end needs to know of the API itself.
enum About {
    static let area = Area(
        name: "About",
        words: "The contract, and every closed list with its labels.",
        routes: [
            .get(
                "/v1/openapi.json", "Read the contract", "This document, without a log-in.",
                for: nil, by(contract)),
            .get(
                "/v1/vocabularies", "List vocabularies",
                "Every closed list, each word with the label that a person reads (API-07).",
                for: nil, by(vocabularies)),
        ])

    static func contract() -> Ready<JSONValue> {
        Ready(bytes: Contract.document, version: versions.contract)
    }

    static func vocabularies() -> Ready<Vocabularies> {
        Ready(bytes: listed, version: versions.vocabularies)
    }

    /// Reckoned once.
    private static let versions = (
        contract: Ready<JSONValue>.version(of: Contract.document),
        vocabularies: Ready<Vocabularies>.version(of: listed)
    )

    /// The lists to which every area adds.
    private static let ofAllAreas = [
        Vocabulary("fault_codes", FaultCodes.all.map { ($0.code, $0.words) }),
        Vocabulary("deeds", areas.flatMap(\.deeds).map { ($0, $0.asWords) }),
        Vocabulary("gate_reasons", GateReasons.all.map { ($0.code, $0.words) }),
        Vocabulary("duty_kinds", areas.flatMap(\.duties).map { ($0.kind, $0.words) }),
        Vocabulary("child_chronology_kinds", ChildChronology.kinds.map { ($0.kind, $0.words) }),
        Vocabulary("to_do", areas.flatMap(\.toDo).map { ($0.kind, $0.words) }),
    ]

    private static let listed: [UInt8] = {
        let lists = (areas.flatMap(\.vocabularies) + ofAllAreas).map { list in
            JSONObject.Member(
                list.name,
                .array(
                    list.entries.map { entry in
                        .object(present: [
                            "code": .string(entry.code), "label": .string(entry.label),
                            "needs": entry.needs.map(names), "takes": entry.takes.map(names),
                        ])
                    }))
        }
        return Array(JSON.string(of: JSONValue.object(JSONObject(lists))).utf8)
    }()

    private static func names(_ fields: [String]) -> JSONValue {
        .array(fields.map { .string($0) })
    }
}

extension String {
    /// `agreement_signed`, as a person reads it: "Agreement signed".
    fileprivate var asWords: String {
        prefix(1).uppercased() + dropFirst().replacing("_", with: " ")
    }
}

/// Every closed list by its name.
enum Vocabularies: SchemaProviding {
    static var schema: Schema {
        let entry = Schema.Object(
            name: "VocabularyEntry", words: "A word of a closed list.",
            properties: [
                .init(name: "code", schema: .text().described("The word."), isRequired: true),
                .init(
                    name: "label", schema: .text().described("What a person reads for it."),
                    isRequired: true),
                .init(
                    name: "needs",
                    schema: .list(of: .text()).described(
                        "Of an act that is sent with its own fields: those that it needs."),
                    isRequired: false),
                .init(
                    name: "takes",
                    schema: .list(of: .text()).described(
                        "Likewise: those that it takes besides. No other goes with it."),
                    isRequired: false),
            ])
        return .map(of: .list(of: .object(entry)))
    }
}

/// JSON that was made once and is the same for everybody, with its digest as its version.
struct Ready<Value: SchemaProviding>: Reply, Tagged {
    let bytes: [UInt8]
    let etag: String?

    init(bytes: [UInt8], version: String) {
        (self.bytes, etag) = (bytes, version)
    }

    /// The version of bytes: half of their digest.
    static func version(of bytes: [UInt8]) -> String {
        "\"\(String(SHA256.hash(bytes).hex.prefix(32)))\""
    }

    func headers(_ call: Call) -> [Header] {
        etag.map { [Header(name: .etag, value: $0)] } ?? []
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        bytes.withUnsafeBytes { output.append($0) }
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answersAnything(Value.schema)
    }
}
