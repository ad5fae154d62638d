import JSON
import Postgres

/// Whom a school turns to: the directory, referrals and calls for help (AGY-01 to AGY-08).
enum Agencies {
    static let area = Area(
        name: "Agencies",
        words: "Whom a school turns to, what was said, and what came of it.",
        routes: KeepingParts<Referral>.routes + [EmergencyCalls.route] + IllegalAddresses.routes
            + [Signpost.route],
        faults: [
            "999_or_101": "Of the police say whether it was 999 or 101",
            "not_the_police": "999 and 101 are numbers of the police",
        ],
        vocabularies: [
            Vocabulary("agency_kinds", AgencyKind.self),
            Vocabulary("referral_routes", ReferralRoute.self),
            Vocabulary("referral_states", ReferralState.self),
            Vocabulary("emergency_routes", EmergencyCall.Route.self),
            Vocabulary("signpost_audiences", Signpost.Audience.self),
        ],
        deeds: ["call_put_down"],
        rulesOfIncidents: IncidentRules(
            function: "agencies_stand_against",
            words: [
                "referral_missing": "It was decided to refer it: put down the referral",
                "referral_undecided": "Decide whether it is referred, against the thresholds",
                "police_not_told": "It was decided to involve the police: put down the call",
            ]),
        toDo: [referralsToChase], chronology: [.ofParts([Strand.Part(Referral.part)])])

    /// What an agency is to be asked again, for those who put referrals down.
    private static let referralsToChase = ToDo(
        kind: "referral_to_chase", words: "A referral of which nothing was heard",
        roles: .deciders, link: "/v1/incidents?school_id={school}&is_to_chase=true"
    ) { caller, schools in
        """
        select incident.school_id, referral.due_on
        from incident_listed as incident
        join referral_to_chase as referral
            on referral.school_id = incident.school_id and referral.incident_id = incident.id
        where referral.due_on <= london_today() and \(Relation.openToThePost.sql(caller, schools))
        order by referral.due_on
        """
    }
}
