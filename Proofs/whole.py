"""What a register holds, looked at behind its walls."""

from service import rowan

# Incidents that lack a part: one report, one receipt, one entry with the digest of that report,
# and a notice for each who is told. Who may not open it has one that names it by reference alone.
HALVES = """
    select count(*) from incident
    where (select count(*) from report where incident_id = incident.id) <> 1
        or (select count(*) from receipt where incident_id = incident.id) <> 1
        or (not is_old and 1 <> (
            select count(*) from event join report on incident_id = incident.id
            where deed = 'reported' and record_ids = array[incident.id]
                and digest = digest_of(salt, report_content(report))))
        or (select count(*) from notice where (notice.school_id, notice.reference)
            = (incident.school_id, incident.reference)) <> (
            select count(*) from recipients_of_a_report(
                incident.school_id, concerns, is_child_at_risk, '{}', (
                    select reported_by from report where report.incident_id = incident.id)))"""

# Parts of incidents that are not there.
STRAYS = """
    select (
        select count(*) from event
        where deed = 'reported' and not exists (select from incident where id = record_ids[1])
    ) + (
        select count(*) from notice
        where not exists (select from incident where (school_id, reference)
            = (notice.school_id, notice.reference))
    ) + (
        select count(*) from idempotency where status is null
    )"""


def demo(cluster):
    """The demonstration's own incidents: they were loaded, and have no entry."""
    return set(cluster.ask("select id from incident").split("\n"))


def faults(cluster, old=frozenset()):
    """How many things are half there. The audit's chains must be whole besides."""
    listed = ", ".join(f"'{id}'" for id in old) or "gen_random_uuid()"
    halves = HALVES.replace("not is_old", f"incident.id not in ({listed})")
    count = int(cluster.ask(halves)) + int(cluster.ask(STRAYS))
    rowan(["audit", "verify"],
          {"ROWAN_MAINTENANCE_DATABASE_URL": cluster.url("rowan_maintenance")})
    return count


def kept(cluster, mark):
    """How often each description that begins so has been kept."""
    rows = cluster.ask(f"""
        select description, count(*) from report
        where description like '{mark}%' group by description""")
    return dict((d, int(c)) for d, c in (row.rsplit("|", 1) for row in rows.split("\n") if row))
