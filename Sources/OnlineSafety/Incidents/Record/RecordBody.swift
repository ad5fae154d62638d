import JSON

/// A body whose text goes into a record: an embedded picture or file in it refuses it.
protocol RecordBody: Body {}

extension RecordBody {
    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) {
        EmbeddedMedia.cut(from: value)
    }
}
