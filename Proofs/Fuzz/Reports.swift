@testable import JSON
@testable import OnlineSafety

/// A report in which anything may be wrong but what is essential: it never bounces, and what could
/// not be taken is named.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard case .object(let sent)? = try? JSON.parse(bytes) else { return 0 }
    read(Report.self, sent)
    read(IntakeReport.self, sent)
    return 0
}

private func read<Told: Telling>(_: Told.Type, _ sent: JSONObject) {
    let essentials: [JSONObject.Member] = [
        .init("description", .string("He shows our pictures to others.")),
        .init("concerns", .string("child")),
    ]
    let rest = sent.members.filter { member in !essentials.contains { $0.name == member.name } }
    guard let told = try? Told.read(.object(JSONObject(rest + essentials))) else {
        fatalError("a report bounced")
    }
    guard told.aside.allSatisfy({ $0.value.map { $0.unicodeScalars.count <= 2000 } ?? true })
    else { fatalError("more is put aside than may be") }
    // What is kept of it is JSON that can be read.
    guard let kept = try? JSON.bytes(of: JSON.value(of: told.aside)),
        (try? kept.withUnsafeBytes { try JSON.parse($0) }) != nil
    else { fatalError("what is put aside cannot be read") }
    _ = (told.warnings, told.urgency)
}
