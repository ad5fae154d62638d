extension Setting {
    static let acknowledgementTime = Setting(
        "acknowledgement_minutes", "Acknowledgement time",
        """
        Within how many minutes somebody acknowledges what is urgent, before it climbs to the next \
        post (NOT-03). What waits already is held to it too.
        """,
        .number(5...1440, of: "minutes"), usual: 30, stronger: .less)
}
