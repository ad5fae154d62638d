import OpenAPI

/// A list that can be asked for one school alone.
struct OfSchool: Filter {
    let school: ID<School>?

    init(_ query: inout QueryReader) { school = query.id("school_id", of: School.self) }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil)
    ]
}
