@main
struct Rowan {
    static func main() async throws {}
}
