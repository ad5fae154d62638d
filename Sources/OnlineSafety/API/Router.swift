import FoundationEssentials
import HTTP

/// Finds the route of a request: a tree of path segments.
final class Router {
    private final class Node {
        var literals: [(name: [UInt8], node: Node)] = []
        var value: Node?
        var routes: [Method: Found] = [:]
    }

    /// A route and the area that it belongs to.
    final class Found: Sendable {
        let area: Area
        let route: Route
        let number: Int

        init(_ area: Area, _ route: Route, number: Int) {
            self.area = area
            self.route = route
            self.number = number
        }
    }

    private let root = Node()
    let all: [Found]

    init(_ areas: [Area]) {
        var all: [Found] = []
        for area in areas {
            for route in area.routes { all.append(Found(area, route, number: all.count)) }
        }
        self.all = all
        for found in all {
            let node = found.route.path.utf8.split(separator: UInt8(ascii: "/"))
                .reduce(root) { node, segment in Self.child(of: node, Array(segment)) }
            precondition(node.routes[found.route.method] == nil, "\(found.route.path) twice")
            precondition(found.route.path.count { $0 == "{" } <= 3, "more than PathValues holds")
            node.routes[found.route.method] = found
        }
    }

    private static func child(of node: Node, _ segment: [UInt8]) -> Node {
        if segment.first == UInt8(ascii: "{") {
            let child = node.value ?? Node()
            node.value = child
            return child
        }
        if let known = node.literals.first(where: { $0.name == segment }) { return known.node }
        let child = Node()
        node.literals.append((segment, child))
        return child
    }

    /// The route, and the values of the path's `{…}`. HEAD is answered as GET.
    func find(_ request: Request) throws(Problem) -> (Found, PathValues) {
        guard let (node, values) = walk(request.path), !node.routes.isEmpty else {
            throw Problem(.notFound)
        }
        let method = request.method == .head ? Method.get : request.method
        guard let found = node.routes[method] else {
            var problem = Problem(.methodNotAllowed)
            problem.allow = Self.methods(of: node)
            throw problem
        }
        return (found, values)
    }

    /// How the body of a request is taken, and how much of it.
    func bodyIntake(_ request: Request) -> BodyIntake {
        guard let route = walk(request.path)?.0.routes[request.method]?.route else {
            return .whole(upTo: Route.littleBody)
        }
        if let most = route.fileLimit, let type = request["content-type"],
            MediaType(type).isOfRows
        {
            return .streamed(upTo: most)
        }
        return .whole(upTo: route.bodyLimit)
    }

    /// What an address answers, for its `Allow`.
    func methods(at path: UnsafeRawBufferPointer) throws(Problem) -> String {
        if path == "*" { return Method.allCases.map(\.rawValue).joined(separator: ", ") }
        guard let (node, _) = walk(path), !node.routes.isEmpty else { throw Problem(.notFound) }
        return Self.methods(of: node)
    }

    private func walk(_ path: UnsafeRawBufferPointer) -> (Node, PathValues)? {
        var (node, values) = (root, PathValues())
        var segments = Segments(path: path)
        while let segment = segments.next() {
            if let literal = node.literals.first(where: { $0.name.elementsEqual(segment) }) {
                node = literal.node
            } else if let value = node.value {
                guard values.append(segment) else { return nil }
                node = value
            } else {
                return nil
            }
        }
        return (node, values)
    }

    private static func methods(of node: Node) -> String {
        var methods = node.routes.keys.map(\.rawValue) + ["OPTIONS"]
        if methods.contains("GET") { methods.append("HEAD") }
        return methods.sorted().joined(separator: ", ")
    }
}

/// The values of a path's `{…}`: three at most, in the request's own bytes.
struct PathValues {
    private var first: UnsafeRawBufferPointer?
    private var second: UnsafeRawBufferPointer?
    private var third: UnsafeRawBufferPointer?

    /// `false` when there is no room for a fourth.
    mutating func append(_ value: UnsafeRawBufferPointer) -> Bool {
        if first == nil {
            first = value
        } else if second == nil {
            second = value
        } else if third == nil {
            third = value
        } else {
            return false
        }
        return true
    }

    /// Those that are ids, copied.
    var ids: [UUID] {
        [first, second, third].compactMap { value in
            value.flatMap { UUID(text: $0) }
        }
    }

    mutating func next() -> UnsafeRawBufferPointer? {
        defer { (first, second, third) = (second, third, nil) }
        return first
    }
}

/// The parts of a path between its slashes. An empty part matches nothing.
private struct Segments {
    let path: UnsafeRawBufferPointer
    var position = 1

    init(path: UnsafeRawBufferPointer) { self.path = path }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard position <= path.count, path.count > 1 else { return nil }
        var end = position
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        defer { position = end + 1 }
        return UnsafeRawBufferPointer(rebasing: path[position..<end])
    }
}
