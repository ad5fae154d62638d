/// What is said when everything runs: where, who can log in, and what to try.
struct Welcome {
    let settings: LocalSettings
    let demo: DemoLogIns?

    func say() {
        Console.say("\nRowan answers at \(settings.baseURL) (contract: /v1/openapi.json)")
        Console.say("Health and metrics at \(settings.adminURL), logs in .rowan, Ctrl-C stops it")
        guard let demo else { return }
        Console.say("\n" + table(demo.rows))
        if let intake = demo.intake {
            Console.say("\nWithout an account, at \(intake.school): \(intake.key)")
        }
        guard let (staff, lead) = demo.reporterAndLead else { return }
        Console.say("\nPaste these to report something and to see it as the DSL:\n")
        Console.say(lines(staff: staff, lead: lead).joined(separator: "\n\n"))
    }

    private func table(_ people: [[String]]) -> String {
        let rows = [["School", "Posts", "Name", "E-mail", "Password"]] + people
        let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths)
                .map { text, width in text + String(repeating: " ", count: width - text.count) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private func lines(staff: DemoLogIns.Post, lead: DemoLogIns.Post) -> [String] {
        let json = "-H 'Content-Type: application/json'"
        let report = #"{"concerns":"child","description":"A pupil was shown a cruel message."}"#
        return [
            "TOKEN=\(token(of: staff))",
            """
            curl -s \(settings.baseURL)/v1/incidents -H "Authorization: Bearer $TOKEN" \(json) \
            -d '\(report)'
            """,
            """
            curl -s \(settings.baseURL)/v1/incidents -H "Authorization: Bearer \(token(of: lead))"
            """,
        ]
    }

    /// A command that logs in and leaves nothing of the answer but the token.
    private func token(of person: DemoLogIns.Post) -> String {
        let body = #"{"email":"\#(person.email)","password":"\#(person.password)"}"#
        return """
            $(curl -s \(settings.baseURL)/v1/sessions -H 'Content-Type: application/json' \
            -d '\(body)' | sed 's/.*"token": *"\\([^"]*\\)".*/\\1/')
            """
    }
}
