import Postgres

/// One part of online safety, as a value: its routes, the words for the rules that its tables keep,
/// its closed lists. Whatever else wants to know of an area asks this value.
package struct Area: Sendable {
    /// What the area is called in the contract.
    let name: String

    /// What it is about, in one sentence.
    let words: String

    let routes: [Route]

    /// What to tell a person whose request broke a constraint, by the name the migration gave it.
    var conflicts: [String: String] = [:]

    /// What the codes of faults mean that only this area tells of.
    var faults: [String: String] = [:]

    /// The closed lists whose words this area's records use.
    var vocabularies: [Vocabulary] = []

    /// What the audit calls the deeds of this area.
    var deeds: [String] = []

    /// Statements that find records (`school_id`, `id`) that no longer say what their entry in the
    /// audit covers; `rowan audit verify` runs them.
    var unlikeTheirEntries: [SQL] = []

    /// What each school sets for itself of this area.
    var settings: [Setting] = []

    /// What, in this area, may stand against closing an incident, or doing something else with it.
    var rulesOfIncidents: IncidentRules?

    /// What, in this area, waits until somebody does it.
    var toDo: [ToDo] = []

    /// What, in this area, recurs or falls due (`duty_source` names the function that finds it).
    var duties: [DutyKind] = []

    /// What, in this area, is known of a child, for the child's chronology.
    var chronology: [Strand] = []

    /// What, in this area, may stand against somebody's having something.
    var reasonsAtTheGate: GateReasons?

    /// What this area holds of people, and why (AUD-06).
    var holds: [Processing] = []
}
