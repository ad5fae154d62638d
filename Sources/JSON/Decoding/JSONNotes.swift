/// The faults of one value while it is decoded: each is noted, and decoding carries on.
final class JSONNotes {
    private(set) var faults: [JSONFault] = []

    /// A value decoded from `value`, or an example in its stead once the fault is noted.
    func decode<Result: Decodable>(
        _ type: Result.Type, from value: JSONValue, at place: JSONPlace
    ) throws -> Result {
        if case .null = value, !(type is any NullAccepting.Type) {
            return try note(.null, at: place, insteadOf: type)
        }
        do {
            let decoding = JSONDecoding(value: value, place: place, notes: self)
            let result = try type.init(from: decoding)
            decoding.noteUnknownFields()
            return result
        } catch let faults as JSONFaults {
            for fault in faults.faults { note(fault, at: place) }
        } catch let fault as JSONFault {
            note(fault, at: place)
        } catch is Abandoned {
            // What made it so is noted already.
        } catch {
            note(WordList.fault(of: type) ?? .invalid, at: place)
        }
        return try example(of: type)
    }

    /// What a type becomes whose member is not there.
    func decodeAbsent<Result: Decodable>(
        _ type: Result.Type, at place: JSONPlace
    ) throws -> Result {
        if let type = type as? any Omissible.Type, let absent = type.absent as? Result {
            return absent
        }
        return try note(.required, at: place, insteadOf: type)
    }

    func note(_ fault: JSONFault, at place: JSONPlace) {
        guard faults.count < JSONFaults.limit else { return }
        faults.append(
            JSONFault(
                pointer: place.pointer + fault.pointer, code: fault.code, detail: fault.detail))
    }

    private func note<Result: Decodable>(
        _ fault: JSONFault, at place: JSONPlace, insteadOf type: Result.Type
    ) throws -> Result {
        note(fault, at: place)
        return try example(of: type)
    }

    /// A value to carry on with; without one, whatever holds it is given up as well.
    private func example<Result: Decodable>(of type: Result.Type) throws -> Result {
        do { return try JSON.example(of: type) } catch { throw Abandoned() }
    }

    /// Thrown once a fault is noted whose type has no example.
    struct Abandoned: Error {}
}
