import JSON

/// What the codes within `errors` mean, which never changes: an integrator maps them to words of
/// their own. A code that no list names fails the test that meets it.
enum FaultCodes {
    /// Of every area.
    static let all: [(code: String, words: String)] = {
        let ofAreas =
            areas.map(\.faults) + areas.compactMap(\.rulesOfIncidents?.words)
            + [ofGates, ofJSON]
        let all = ofAreas.reduce(ofValues.merging(ofRules) { $1 }) { all, more in
            all.merging(more) { first, _ in first }
        }
        return all.sorted { $0.key < $1.key }.map { (code: $0.key, words: $0.value) }
    }()

    /// What stands against an access, where it is given.
    private static let ofGates = Dictionary(
        GateReasons.all.map { ($0.code, $0.words) }, uniquingKeysWith: { first, _ in first })

    /// What bytes are not that should be JSON.
    private static let ofJSON = Dictionary(
        uniqueKeysWithValues: JSONSyntaxError.Code.allCases.map { code in
            (code.rawValue, "It is no JSON that is taken here; the detail says what it is")
        })

    /// What is wrong with a value by itself.
    private static let ofValues = [
        "blank": "There must be something in it",
        "boolean": "It is neither true nor false",
        "code": "It is no code of small letters, digits, full stops and underscores",
        "control_character": "It holds control characters",
        "date": "It is no date",
        "email_address": "It is no plain e-mail address",
        "empty": "It must name at least one",
        "encoding": "It is not percent-encoded UTF-8",
        "event_id": "It is no id of an event",
        "exactly_one": "Just one of these must be given",
        "external_id": "It is not 1 to 100 visible characters",
        "invalid_value": "The value is not allowed here",
        "key": "It is not 1 to 255 visible ASCII characters",
        "laestab": "It is no DfE number",
        "names_a_person": "It names somebody, and is read where nobody may be known",
        "not_an_address": "It is no plain e-mail address",
        "not_mixed": "It does not mix capitals, small letters, digits and signs",
        "null_not_allowed": "It cannot be null",
        "offset_required": "It has no time zone",
        "one_of": "One of these must be given, and not both",
        "out_of_range": "It is below the least or above the greatest",
        "repeated": "It stands there twice",
        "repeated_column": "Two columns say the same",
        "missing_column": "A column that is needed is not there",
        "required": "It is needed",
        "time": "It is no time of day",
        "too_common": "Many would try this password first",
        "too_long": "It is longer than it may be",
        "too_many": "There are more than there may be",
        "too_short": "It is shorter than it must be",
        "ukprn": "It is no UKPRN",
        "unchanged": "It is the same as before",
        "unknown_field": "There is no such field",
        "unknown_parameter": "There is no such parameter",
        "unknown_placeholder": "There is no such placeholder",
        "unknown_word": "It is no word of the list",
        "unknown_year_group": "It is no year group",
        "upn_check_letter": "The check letter of the UPN does not match",
        "upn_form": "It is no UPN",
        "urn": "It is no URN",
        "uuid": "It is no UUID",
        "whole_number": "It is no whole number",
        "without_csv": "It goes with format=csv only",
        "wrong_code": "It is not the code of this moment",
        "wrong_type": "It is of another type in JSON",
    ]

    /// What is wrong with it as things stand.
    private static let ofRules = [
        "ask_the_school": "What stands against it is not the caller's to know",
        "already_open": "It is open to the caller anyhow",
        "another_decision_stands": "Another decision stands than the one that was named",
        "before_its_start": "It ends before it begins",
        "below_the_floor": "It is weaker than the floor of the trust",
        "cannot_lead": "They hold no post that can lead this, or it concerns them",
        "cannot_read": "They hold no post that reads incidents, or it concerns them",
        "clauses_missing": "The agreement says nothing yet",
        "closed": "The incident is closed",
        "code_needed": "A second factor is set up: its code is needed",
        "does_not_sign": "They do not sign this so",
        "embedded_media_removed": "A picture or file was cut out of it",
        "ends_before_it_begins": "It ends before it begins",
        "grave": "It is of a grave kind, which is triaged and not only logged",
        "has_duplicates": "Others were closed as its duplicates",
        "less_grave": "What would take its reports is less urgent, and nobody has triaged it",
        "held_by_nobody": "Nobody who could do it holds any of these posts",
        "holds_a_post": "They hold a post, or are invited to one",
        "in_the_future": "It has not happened yet",
        "in_the_past": "It is over already",
        "kept_by_the_mis": "The MIS tells of it",
        "last_one": "Nobody would be left in charge",
        "left_before_joining": "The last day is before the first",
        "line_pending": "An action line is not answered",
        "may_not_approve": "They hold no post that approves this",
        "may_not_sign": "They do not sign this for that person",
        "may_be_about_them": "The incident may be about them",
        "named_twice": "They are named already",
        "needs_a_last_day": "Who is there for a time only is given access up to a last day",
        "no_account": "They have no account",
        "no_coordinator": "They hold no post of a coordinator on that day",
        "no_guest_log_in": "Temporary staff have a log-in of their own here",
        "nothing_in_force": "No version of these rules bound them on that day",
        "nobody_signs": "Nobody signs an agreement of this form",
        "not_allowed": "It is not allowed together with what else is given",
        "looks_like_a_key": "It looks like a key, of which none is kept",
        "not_beforehand": "It is put down before it begins, and never afterwards",
        "not_comparable": "Of two values of this setting none is the stronger",
        "not_for_trusts": "A trust's client may not do this",
        "not_in_such_a_post": "They hold none of the posts that are wanted",
        "not_in_charge": "It is for the posts in charge of such an incident",
        "not_involved": "The record does not name them",
        "not_of_kinds": "It is not for persons of their kind",
        "not_of_pupils": "It is of pupils only",
        "not_on_receipts": "Receipts cannot be filtered by this",
        "not_on_roll": "They are not on roll",
        "not_permitted": "They have no permission for this",
        "not_so": "It is not done in this way",
        "not_their_liaison": "It is another's to keep in touch with them",
        "not_wanted": "It goes with something else only",
        "one_organisation": "A school or a trust is wanted, and not both",
        "one_person_alone": "It may not rest on one person",
        "one_side_alone": "It may not rest on technical staff alone",
        "only_a_floor": "A trust may set a floor of this, and no value",
        "only_for_trusts": "Only a trust's client says this",
        "out_of_order": "These are not one after the other",
        "outside_term": "It lies outside the terms",
        "outside_the_year": "It lies outside the academic year",
        "overlaps": "It overlaps with another",
        "policy_missing": "The policy that it supports is not named",
        "reading_unconfirmed": "An adult must confirm to have read the policies",
        "supervises_oneself": "Nobody supervises themselves",
        "taken_as_unsure": "What it says could not be read in part, and was taken as unsure",
        "too_many_links": "It has as many links as it may have",
        "unasked": "It is not asked of this signer",
        "unconfirmed": "It was not confirmed",
        "under_agency_hold": "An agency must advise first",
        "undecided": "A post was left out",
        "unknown_agreement": "There is no such agreement",
        "unknown_clause": "There is no such clause",
        "unknown_system": "There is no such system",
        "unknown_child": "There is no such child",
        "unknown_entry": "There is no such entry",
        "unknown_incident": "There is no such incident, or it is not open to the caller",
        "unknown_person": "There is nobody of this id at the school",
        "unknown_post": "There is no such post",
        "unknown_school": "It is no school of the caller's",
        "unknown_template": "There is no such template",
        "unknown_trust": "It is no trust of the caller's",
        "unknown_variant": "There is no such variant",
        "without_yourself": "The caller must be among them",
        "wrong_state":
            "It does not stand so that this can be done; the detail says how it stands, and must",
    ]
}
