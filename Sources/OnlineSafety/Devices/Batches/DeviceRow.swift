import JSON
import OpenAPI

/// A device as the management of a school's devices knows it, found by its serial number.
struct DeviceRow: Codable, Exemplary, Named {
    let serial: Text<100>
    let name: Text<100>?
    let tag: Text<60>?
    let model: Text<100>?
    let kind: DeviceKind?
    let isEncrypted: Bool?
    let hasPasscode: Bool?
    let isUpdated: Bool?
    let readOn: Day?

    static var schemaName: String { "DeviceRow" }
    static var schemaWords: String? { "A device as a device management knows it." }
    static var example: DeviceRow {
        DeviceRow(
            serial: "DMPXK2ABCD99", name: "Class 2 iPad 4", tag: "HW-0199", model: "iPad 10",
            kind: .tablet, isEncrypted: true, hasPasscode: true, isUpdated: nil, readOn: nil)
    }

    enum CodingKeys: String, FieldWords, CaseIterable {
        case serial, name, tag, model, kind
        case isEncrypted = "is_encrypted"
        case hasPasscode = "has_passcode"
        case isUpdated = "is_updated"
        case readOn = "read_on"

        var words: String {
            switch self {
            case .serial: "Its serial number, by which it is known again."
            case .name: "What it is called."
            case .tag: "The school's tag on it."
            case .model: "Its make and model."
            case .kind: "What it is; worked out of the model when not given."
            case .isEncrypted: DeviceActWords.of(.isEncrypted)
            case .hasPasscode: DeviceActWords.of(.hasPasscode)
            case .isUpdated: DeviceActWords.of(.isUpdated)
            case .readOn: "When it last reported that; today when not given."
            }
        }

        /// What the heads of a table are called for it, in small letters and digits alone: each
        /// management has its own.
        var heads: Set<String> {
            switch self {
            case .serial: ["serial", "serialnumber", "deviceserialnumber", "serialno"]
            case .name: ["name", "devicename", "computername", "hostname", "annotateduser"]
            case .tag: ["tag", "assettag", "assetid", "annotatedassetid", "assetnumber"]
            case .model: ["model", "devicemodel", "modelname", "hardwaremodel"]
            case .kind: ["kind", "devicetype", "type", "category"]
            case .isEncrypted:
                [
                    "encrypted", "isencrypted", "encryption", "encryptionstatus", "encryptionstate",
                    "filevaultenabled", "bitlocker",
                ]
            case .hasPasscode: ["haspasscode", "passcode", "passcodepresent", "passcodeset"]
            case .isUpdated: ["isupdated", "uptodate", "osuptodate"]
            case .readOn:
                [
                    "readon", "lastcheckin", "lastsync", "lastseen", "lastinventoryupdate",
                    "lastcontact", "lastsyncdatetime",
                ]
            }
        }
    }

    var hasReading: Bool { isEncrypted != nil || hasPasscode != nil || isUpdated != nil }

    /// What it is where nobody has said.
    var likelyKind: DeviceKind {
        if let kind { return kind }
        let words = [model?.string, name?.string].compactMap(\.self).joined(separator: " ")
            .lowercased()
        let known: [(String, DeviceKind)] = [
            ("ipad", .tablet), ("tablet", .tablet), ("chromebook", .chromebook),
            ("macbook", .laptop), ("laptop", .laptop), ("thinkpad", .laptop),
            ("latitude", .laptop), ("imac", .computer), ("optiplex", .computer),
            ("desktop", .computer), ("iphone", .phone), ("phone", .phone),
        ]
        return known.first { words.contains($0.0) }?.1 ?? .other
    }
}

extension DeviceRow {
    /// Off the fields of a line, by its heads; what is wrong with it, where it is no row.
    static func read(
        _ fields: [String], _ columns: [CodingKeys?]
    ) -> Result<DeviceRow, JSONFaults> {
        var object = JSONObject([])
        for (key, text) in zip(columns, fields) {
            guard let key, !text.isEmpty else { continue }
            object[key.rawValue] = value(of: key, text)
        }
        do throws(JSONFaults) {
            return .success(try JSON.decode(DeviceRow.self, from: .object(object)))
        } catch {
            return .failure(error)
        }
    }

    private static func value(of key: CodingKeys, _ text: String) -> JSONValue {
        switch key {
        case .isEncrypted, .hasPasscode, .isUpdated: yesOrNo(text)
        // `2026-11-20T08:14:00Z`, `20/11/2026 08:14`, or the day alone.
        case .readOn: .string(Cell.day(text) ?? text)
        case .kind: DeviceKind(rawValue: text.lowercased()).map { .string($0.rawValue) } ?? .null
        case .serial, .name, .tag, .model: .string(text)
        }
    }

    private static func yesOrNo(_ text: String) -> JSONValue {
        let said = text.lowercased()
        if ["true", "yes", "1", "encrypted", "enabled", "on"].contains(said) { return true }
        let isNo = ["false", "no", "0", "not encrypted", "notencrypted", "disabled", "off"]
        return isNo.contains(said) ? false : .string(text)
    }

    /// The column of a head; `nil` where nobody knows it.
    static func column(_ head: String) -> CodingKeys? {
        let plain = head.lowercased().filter { $0.isLetter || $0.isNumber }
        return CodingKeys.allCases.first { $0.heads.contains(plain) }
    }
}

/// The rows of a batch, as JSON.
struct DeviceRows: Body {
    let rows: Few<DeviceRow, 1000>

    static let words = "Up to 1,000 rows as JSON; or as many lines of `text/csv`."
    static var example: DeviceRows { DeviceRows(rows: [.example]) }

    enum CodingKeys: String, FieldWords {
        case rows

        var words: String { "The rows, each a device." }
    }
}
