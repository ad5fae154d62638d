import OnlineSafety

/// The documents that are made from the routes.
enum Documents {
    static func printContract() throws {
        try StandardOutput.write(Contract.document)
    }

    static func printAccess() throws {
        try StandardOutput.write(AccessTable.document)
    }
}
