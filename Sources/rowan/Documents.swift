import Foundation
import OnlineSafety

/// The documents that are made from the routes.
enum Documents {
    static func printContract() {
        FileHandle.standardOutput.write(Data(Contract.document))
    }

    static func printAccess() {
        FileHandle.standardOutput.write(Data(AccessTable.document.utf8))
    }
}
