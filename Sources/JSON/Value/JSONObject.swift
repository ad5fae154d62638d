/// An object's members in the order in which they were written; no name appears twice.
package struct JSONObject: Hashable, Sendable {
    /// A name and what it stands for.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            (self.name, self.value) = (name, value)
        }

        package static func == (left: Member, right: Member) -> Bool {
            JSONName(left.name) == JSONName(right.name) && left.value == right.value
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(JSONName(name))
            hasher.combine(value)
        }
    }

    package private(set) var members: [Member]

    /// The caller sees to it that no name appears twice.
    package init(_ members: [Member] = []) { self.members = members }

    /// The value of the member of that name, compared byte for byte; setting nil takes it out.
    package subscript(_ name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): members[position] = Member(name, value)
            case (let position?, nil): members.remove(at: position)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }

    private func position(of name: String) -> Int? {
        members.firstIndex { JSONName($0.name) == JSONName(name) }
    }
}
