import Bytes
import Glibc
import Testing

@testable import HTTP

@Suite("What connections share, and what they are told apart by")
struct Sharing {
    private func local() -> LoopLocal { LoopLocal(limits: Limits()) }

    @Test func `A lent buffer holds nothing of who had it before`() {
        let local = local()
        var buffer = ByteBuffer()
        local.lendOutput(&buffer)
        buffer.append("not for the next")
        buffer.consume(3)
        local.giveBackOutput(&buffer)
        let keptMemory = buffer.hasMemory
        local.lendOutput(&buffer)
        let (gotMemory, gotBytes) = (buffer.hasMemory, !buffer.isEmpty)
        #expect(!keptMemory && gotMemory && !gotBytes)
    }

    @Test func `A buffer gives back what its rest does not need`() {
        var buffer = ByteBuffer()
        buffer.append(String(repeating: "a", count: 100_000))
        buffer.consume(99_995)
        buffer.append("bcd")
        let before = buffer.capacity
        buffer.shrink(below: before)
        let same = buffer.capacity
        buffer.shrink(below: 16 << 10)
        let (after, rest) = (buffer.capacity, String(decoding: buffer.bytes, as: UTF8.self))
        buffer.append("e")
        let all = String(decoding: buffer.bytes, as: UTF8.self)
        #expect((same, after) == (before, 4096))
        #expect((rest, all) == ("aaaaabcd", "aaaaabcde"))
    }

    @Test func `A lent table holds no fields`() throws {
        let local = local()
        let table = local.lendTable()
        try table.append(FieldTable.Field(name: 0..<1, value: 2..<3))
        local.giveBack(table)
        #expect(local.lendTable() === table)
        #expect(table.fields.isEmpty)
    }

    private func address(_ text: String) throws -> PeerAddress {
        PeerAddress(try #require(sockaddr_storage(text)))
    }

    @Test(arguments: ["192.0.2.7", "0.0.0.0", "2001:db8::7", "::1", "::"])
    func `An address is written as people write it`(_ text: String) throws {
        #expect(try address(text).description == text)
    }

    @Test func `A network of 64 bits counts as one client, an IPv4 address too`() throws {
        #expect(try address("2001:db8::7").network == address("2001:db8::8:9").network)
        #expect(try address("2001:db8::7").network != address("2001:db8:0:1::7").network)
        #expect(try address("192.0.2.7").network != address("192.0.2.8").network)
    }

    @Test func `A network has so many connections, whatever its addresses: n - 1, n, n + 1`()
        throws
    {
        var limits = Limits()
        limits.connectionsPerAddress = 3
        let admission = Admission(limits)
        let crowd = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::1:2:3:4"]
        #expect(try crowd.map { admission.admit(try address($0)) } == [true, true, true, false])
        #expect(admission.admit(try address("2001:db8:0:1::1")))
        admission.leave(try address("2001:db8::2"))
        #expect(admission.admit(try address("2001:db8::5")))
        #expect(!admission.admit(try address("2001:db8::6")))
    }

    @Test(arguments: ["localhost", "", "127.0.0.1 ", "192.0.2.256", "203.0.113.1"])
    func `Only an address of this host, in digits, can be listened on`(_ text: String) {
        #expect(throws: ListenError.self) {
            try SocketAddress(text, port: 0).listen(unsent: 1)
        }
    }
}
