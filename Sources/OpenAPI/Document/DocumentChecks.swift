extension Document {
    /// What JSON cannot hold, or a reader of the contract would trip over.
    func check() throws(DocumentFault) {
        if let id = repeated((operations + webhooks).map(\.id)) { throw .sameOperationID(id) }
        try checkPlaces(operations)
        try checkPlaces(webhooks)
        for operation in operations + webhooks { try check(operation) }
    }

    private func checkPlaces(_ operations: [Operation]) throws(DocumentFault) {
        let places = operations.map { [$0.method.lowercased(), $0.path] }
        if let place = repeated(places) { throw .samePlace(method: place[0], path: place[1]) }
    }

    private func check(_ operation: Operation) throws(DocumentFault) {
        guard tags.contains(where: { $0.name == operation.tag }) else {
            throw .undeclaredTag(operation.tag)
        }
        if let status = repeated(operation.responses.map(\.status)) {
            throw .sameStatus(status, operationID: operation.id)
        }
        let names = operation.parameters.map { [$0.name, $0.place.rawValue] }
        if let name = repeated(names) { throw .sameParameter(name[0], operationID: operation.id) }
    }

    private func repeated<Value: Hashable>(_ values: [Value]) -> Value? {
        var seen: Set<Value> = []
        return values.first { !seen.insert($0).inserted }
    }
}
