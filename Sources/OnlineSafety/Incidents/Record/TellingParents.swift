/// Of what parents must be told before an incident can be closed (S-08, INC-32).
extension Setting {
    static let tellingParents = [
        Setting(
            "parents_told_of_filtering_breaches", "Parents are told of filtering breaches",
            """
            Whether the parents of every child involved must be told of what came through the \
            school's filtering (source 004), unless a child is at risk.
            """,
            .flag, usual: true, stronger: .true),
        Setting(
            "parents_told_of_use_outside_school", "Parents are told of use outside school",
            """
            Whether they must be told of unsafe use outside school that becomes known (source \
            002), unless a child is at risk.
            """,
            .flag, usual: true, stronger: .true),
    ]
}
