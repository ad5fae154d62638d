import OpenAPI
import Postgres

/// Words to be looked for in all that is written of an incident (INC-45). They reach no log: an
/// address is never written there with its query.
struct Sought: Sendable {
    fileprivate let words: String

    static let parameter: Parameter = .query(
        "q",
        "Words to look for in reports, records, names, references, evidence and outcomes. All must "
            + "be there, in any form (`posted` finds `posting`), with or without accents; of a "
            + "name the first three letters do. \"Quotes\" keep a phrase together, `or` stands "
            + "between two of which one will do, a minus sign leaves out. Of a very long record "
            + "the first 100,000 characters are looked through.",
        .text(minLength: 1, maxLength: 200), "Robin \"group chat\"")
}

extension QueryReader {
    mutating func sought(_ name: String) -> Sought? {
        guard let words = text(name, upTo: 200) else { return nil }
        let isWord = words.unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        if !isWord { note(name, "blank", "Write a word to look for") }
        return Sought(words: words)
    }
}

extension IncidentFilter {
    /// The incidents of the school of the row `own`, of all or of those that hold what is sought:
    /// those the database finds by its index, and gives out again through the view. `limit 1` has
    /// each fetched by its key, where a plan for any school would walk through all of it.
    var incidents: SQL {
        guard let sought else { return "incident_listed" }
        return """
            (
                select incident.*
                from incidents_with_words(
                    case when coalesce(\(school)::uuid, own.school_id) = own.school_id
                        then own.school_id end,
                    \(sought.words)
                ) as found (id)
                cross join lateral (
                    select * from incident_listed
                    where school_id = own.school_id and id = found.id
                    limit 1
                ) as incident
            )
            """
    }
}
