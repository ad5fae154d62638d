import Postgres

/// What incidents tell of a child. Evidence is no part of it: it is forwarded to nobody but the
/// police or the agency that is named.
extension Strand {
    static let ofIncidents = Strand(
        kinds: [Kind("incident", "An incident that the child was involved in")]
    ) { child in
        """
        select incident.id, 'incident',
            coalesce(incident.occurred_on, london_day(incident.reported_at)),
            (incident.occurred_on + incident.occurred_time) at time zone 'Europe/London',
            incident.reported_at,
            content_of_an_incident(incident.school_id, incident.id) ->> 'summary',
            involved.parts, null::text, null::text, incident.id, involved.reference,
            '/v1/incidents/' || incident.id
        from involved
        join incident
            on incident.school_id = \(child.school) and incident.id = involved.incident_id
        """
    }

    static let ofReports = Strand(
        kinds: [Kind("report", "What was reported of an incident")]
    ) { child in
        """
        select report.id, 'report', london_day(report.reported_at), report.reported_at,
            report.reported_at, report.description, null::text[],
            case when not 'reporter_name' = any (withheld_of_a_report(report))
                then report.reporter_name end,
            null::text, report.incident_id, involved.reference,
            '/v1/incidents/' || report.incident_id
        from involved
        join report
            on report.school_id = \(child.school) and report.incident_id = involved.incident_id
        """
    }

    static let ofParents = Strand(
        kinds: [Kind("parents_decided", "What was decided about telling the child's parents")]
    ) { child in
        """
        select decision.id, 'parents_decided',
            london_day(coalesce(decision.informed_at, decision.decided_at)),
            coalesce(decision.informed_at, decision.decided_at), decision.decided_at,
            concat_ws(
                '; ', replace(decision.decision, '_', ' '), decision.reason, decision.about),
            null::text[], decision.decided_by, decision.decided_by_role, decision._incident_id,
            involved.reference, '/v1/incidents/' || decision._incident_id || '/parents-decisions'
        from involved
        join parents_decision_shown as decision
            on decision.school_id = \(child.school)
            and decision._incident_id = involved.incident_id
            and decision.child_id::text = any (involved.places)
        """
    }

    static let ofActionLines = Strand(
        kinds: [Kind("action_taken", "One of the nine action lines, as what was done")]
    ) { child in
        """
        select md5(taken.incident_id::text || taken.line)::uuid, 'action_taken',
            coalesce(taken.done_on, london_day(taken.at)), null::timestamptz, taken.at,
            concat_ws('; ', replace(taken.line, '_', ' '), taken.words), null::text[],
            coalesce(taken.done_by, name_of(taken.school_id, taken.account_id)), taken.role,
            taken.incident_id, involved.reference,
            '/v1/incidents/' || taken.incident_id || '/action-lines'
        from involved
        join action_answer as taken
            on taken.school_id = \(child.school) and taken.incident_id = involved.incident_id
        where taken.answer = 'done' and not exists (
            select from action_answer as later
            where later.school_id = taken.school_id and later.incident_id = taken.incident_id
                and later.line = taken.line and later.version > taken.version)
        """
    }

    static let ofEntries = Strand(
        kinds: [Kind("incident_entry", "An action, contact or conversation because of it")]
    ) { child in
        """
        select entry.id, 'incident_entry', london_day(entry.happened_at), entry.happened_at,
            entry.at, concat_ws('; ', entry.kind, entry.words), null::text[],
            name_of(entry.school_id, entry.account_id), entry.role, entry.incident_id,
            involved.reference, '/v1/incidents/' || entry.incident_id || '/chronology'
        from involved
        join incident_entry as entry
            on entry.school_id = \(child.school) and entry.incident_id = involved.incident_id
        """
    }

    static let ofBreaches = Strand(
        kinds: [Kind("agreement_breached", "Rules that the child had agreed to and broke")]
    ) { child in
        """
        select breach.id, 'agreement_breached', breach.breached_on, null::timestamptz, breach.at,
            concat_ws('; ', breach.template, breach.words), null::text[],
            name_of(breach.school_id, breach.account_id), breach.role, breach.incident_id,
            involved.reference, '/v1/incidents/' || breach.incident_id || '/breaches'
        from involved
        join agreement_breach as breach
            on breach.school_id = \(child.school) and breach.incident_id = involved.incident_id
        where breach.person_id = \(child.id) and not breach.is_withdrawn and not exists (
            select from agreement_breach as later
            where later.school_id = breach.school_id and later.incident_id = breach.incident_id
                and later.id = breach.id and later.version > breach.version)
        """
    }

    static let ofClosures = Strand(
        kinds: [Kind("incident_closed", "How an incident ended")]
    ) { child in
        """
        select closure._incident_id, 'incident_closed', london_day(closure.closed_at),
            closure.closed_at, closure.closed_at, closure.outcome, null::text[],
            closure.closed_by, closure.closed_by_role, closure._incident_id, involved.reference,
            '/v1/incidents/' || closure._incident_id || '/closure'
        from involved
        join closure_standing as closure
            on closure.school_id = \(child.school)
            and closure._incident_id = involved.incident_id
        """
    }

    static let allOfIncidents = [
        ofIncidents, ofReports, ofParents, ofActionLines, ofEntries, ofBreaches, ofClosures,
    ]
}
