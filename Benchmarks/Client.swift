import Glibc

// What neither wrk nor a shell can measure: how soon the service answers after it was started, and
// how much memory it holds for clients who have asked once and say nothing more.
//
//     client <port> <turns> <clients> <program> …
//
// starts the program, asks until it answers, then opens so many connections one after the other,
// each of which asks once. Prints milliseconds to the first answer, kilobytes held then, and
// kilobytes held with all the connections. `turns` has a line for each: token, person, incident.

/// One connection to the service.
struct Connection {
    private let descriptor: Int32

    /// `nil` while nobody listens.
    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, status == 0 else {
            close(descriptor)
            return nil
        }
    }

    /// Whether the answer is the record. It comes in one piece: it is short.
    func asks(_ request: String) -> Bool {
        guard send(descriptor, request, request.utf8.count, 0) == request.utf8.count else {
            return false
        }
        var answer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &answer, answer.count, 0)
        return count > 12 && answer[..<12].elementsEqual("HTTP/1.1 200".utf8)
    }
}

/// What happens once in a while, and has no other way out.
func fail(_ words: String) -> Never {
    let text = "client: \(words)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(1)
}

func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { fail("cannot read \(path)") }
    defer { fclose(file) }
    var lines: [String] = []
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, Int32(line.count), file) != nil {
        lines.append(String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
    return lines
}

func milliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
}

func kilobytes(heldBy process: pid_t) -> Int {
    let line = lines(of: "/proc/\(process)/status").first { $0.hasPrefix("VmRSS:") } ?? ""
    return Int(line.filter(\.isNumber)) ?? 0
}

func start(_ words: ArraySlice<String>) -> pid_t {
    var process = pid_t()
    var arguments = words.map { strdup($0) } + [nil]
    guard posix_spawnp(&process, words.first ?? "", nil, nil, &arguments, environ) == 0 else {
        fail("cannot start \(words)")
    }
    return process
}

let words = CommandLine.arguments
guard words.count > 4, let port = UInt16(words[1]), let clients = Int(words[3]) else {
    fail("<port> <turns> <clients> <program> …")
}
let requests = lines(of: words[2]).map { line in
    let parts = line.split { $0 == " " || $0 == "\n" }
    return "GET /v1/people/\(parts[1]) HTTP/1.1\r\nHost: localhost\r\n"
        + "Authorization: Bearer \(parts[0])\r\n\r\n"
}

let began = milliseconds()
let service = start(words[4...])
var connections: [Connection] = []
while connections.isEmpty {
    if let connection = Connection(port: port), connection.asks(requests[0]) {
        connections.append(connection)
    } else if milliseconds() - began > 10_000 {
        kill(service, SIGKILL)
        fail("no answer within ten seconds")
    } else {
        usleep(500)
    }
}
let first = milliseconds() - began
let atStart = kilobytes(heldBy: service)
while connections.count < clients {
    guard let connection = Connection(port: port),
        connection.asks(requests[connections.count % requests.count])
    else {
        kill(service, SIGKILL)
        fail("connection \(connections.count + 1) was not answered")
    }
    connections.append(connection)
}
print(Int(first.rounded()), atStart, kilobytes(heldBy: service))
kill(service, SIGKILL)
waitpid(service, nil, 0)
