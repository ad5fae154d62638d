import Bytes
import JSON

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

    static func contract() -> Ready { Ready(bytes: Contract.document, words: "The contract.") }

    static func vocabularies() -> Ready {
        Ready(bytes: listed, words: "Each list by its name: words, and the labels of the words.")
    }

    private static let listed: [UInt8] = {
        let lists = areas.flatMap(\.vocabularies).map { list in
            JSONObject.Member(
                list.name,
                .array(
                    list.entries.map { entry in
                        ["code": .string(entry.code), "label": .string(entry.label)]
                    }))
        }
        return Array(JSON.string(of: JSONValue.object(JSONObject(lists))).utf8)
    }()
}

/// JSON that was made once and is the same for everybody.
struct Ready: Reply {
    let bytes: [UInt8]
    let words: String

    func write(to output: inout ByteBuffer, _ call: Call) {
        bytes.withUnsafeBytes { output.append($0) }
    }

    static func describe(_ operation: inout OperationWords) { operation.answersAnything() }
}
