/// One run of the program to its end.
struct Command {
    let status: Int32
    let printed: String

    init(_ words: [String], _ environment: [String: String]) throws {
        let folder = try ScratchFolder()
        let child = try RunningService.start(environment, folder, words)
        status = child.wait()
        printed = child.printed
    }
}
