import Postgres
import Testing

@testable import OnlineSafety

/// What every migration must keep, read from the catalogue of the database that they made.
@Suite struct `The database's own walls` {
    private let connection: DirectConnection
    private let database: TestDatabase

    init() throws {
        database = try TestDatabase()
        connection = try database.owner()
    }

    private func names(_ sql: SQL) throws -> [String] {
        let answer = try connection.run(sql)
        return (0..<answer.count).compactMap { answer.text($0, "name") }
    }

    /// Tables that belong to a school, a trust, an organisation or an account.
    private static let guarded: SQL = """
        select distinct pg_class.oid, relname::text as name, relrowsecurity, relforcerowsecurity
        from pg_class
        left join pg_attribute on attrelid = pg_class.oid and attname = 'school_id'
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
            and (attnum > 0 or relname in (
                'event', 'event_head', 'idempotency', 'trust', 'school', 'trust_seat',
                'trust_setting', 'client', 'client_secret', 'client_token', 'invitation'))
        """

    /// ORG-02
    @Test func `every table that belongs to somebody has row-level security, forced, and a policy`()
        throws
    {
        #expect(try names("select name from (\(Self.guarded)) as guarded").count >= 15)
        #expect(
            try names(
                """
                select name from (\(Self.guarded)) as guarded
                where not relrowsecurity or not relforcerowsecurity
                    or not exists (select from pg_policy where polrelid = guarded.oid)
                """) == [])
    }

    /// What is not guarded must be known here, and be nobody's or closed to the service.
    @Test func `no other table has come without being thought about`() throws {
        let others = try names(
            """
            select relname::text as name from pg_class
            where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
                and not relrowsecurity
            order by 1
            """)
        #expect(
            others == [
                "account", "duty_source", "guess_count", "guidance_edition", "incident_part_kind",
                "oldest_program", "recovery_code", "register_kind", "review_kind", "rule_kind",
                "schema_migration", "second_factor", "session", "setting_default", "sign_in_link",
                "signing_ask", "usual_procedure",
                "usual_procedure_map",
            ])
    }

    /// A unique key tells that a row is there, though the row cannot be seen.
    @Test func `every key of a school's table begins with the school`() throws {
        #expect(
            try names(
                """
                select indexrelid::regclass::text as name
                from pg_index
                join pg_attribute on attrelid = indrelid and attname = 'school_id' and attnum > 0
                where indisunique and indkey[0] <> attnum
                    and indrelid::regclass::text not like 'pg_%'
                """) == [])
    }

    /// Foreign keys are checked behind the walls, so they must stay within the school by
    /// themselves.
    @Test func `a reference from one school's table to another holds the school`() throws {
        #expect(
            try names(
                """
                select conname::text as name from pg_constraint
                join pg_attribute as ours on ours.attrelid = conrelid and ours.attname = 'school_id'
                join pg_attribute as theirs
                    on theirs.attrelid = confrelid and theirs.attname = 'school_id'
                where contype = 'f'
                    and not (ours.attnum = any(conkey) and theirs.attnum = any(confkey))
                """) == [])
    }

    /// SEC-14
    @Test func `the service's role owns nothing, and can get round nothing`() throws {
        #expect(
            try names(
                """
                select oid::regclass::text as name from pg_class
                where relowner = 'rowan_service'::regrole
                union all
                select oid::regprocedure::text from pg_proc
                where proowner = 'rowan_service'::regrole
                union all
                select nspname::text from pg_namespace where nspowner = 'rowan_service'::regrole
                union all
                select roleid::regrole::text from pg_auth_members
                where member = 'rowan_service'::regrole
                union all
                select rolname::text from pg_roles
                where rolname = 'rowan_service' and (
                    rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
                union all
                select 'create' where has_schema_privilege('rowan_service', 'public', 'create')
                """) == [])
    }

    @Test func `the service's role may do no more with a table than is named here`() throws {
        let rights = try names(
            """
            select relname || ': ' || string_agg(lower(privilege), ', ' order by privilege) as name
            from pg_class, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as privilege
            where relkind in ('r', 'p', 'v') and relnamespace = 'public'::regnamespace
                and (
                    has_table_privilege('rowan_service', pg_class.oid, privilege)
                    or privilege in ('INSERT', 'UPDATE')
                        and has_any_column_privilege('rowan_service', pg_class.oid, privilege))
            group by relname
            order by relname
            """)
        #expect(
            rights == [
                "access_act: insert", "access_grant: insert", "access_reason: insert",
                "access_review: insert", "access_system: insert", "access_system_rule: insert",
                "action_answer: insert", "agency_hold: insert",
                "agency_hold_release: insert", "agreement: insert", "agreement_audience: insert",
                "agreement_breach: insert",
                "agreement_campaign: insert",
                "agreement_copy: insert", "agreement_decision: insert", "agreement_end: insert",
                "agreement_signature: insert", "agreement_template: insert",
                "agreement_version: insert", "chronology_handover: insert",
                "client: insert, update",
                "client_secret: insert, update", "client_token: insert, update", "closure: insert",
                "complaint: insert", "complaint_act: insert", "complaint_reporter: insert",
                "delegation: insert, update", "device: insert",
                "device_act: insert", "device_hold_act: insert",
                "event: insert", "evidence: insert", "governor_report: insert",
                "idempotency: delete, insert, update", "image_removal_end: insert",
                "incident_entry: insert",
                "incident_link: insert", "incident_part: insert", "induction_act: insert",
                "intake_key: insert, update", "involvement: insert",
                "leaving: update",
                "notice_acknowledgement: insert", "organisation_agreement: insert",
                "organisation_agreement_end: insert", "organisation_member: insert",
                "organisation_signature: insert", "parents_decision: insert",
                "planned_action: insert", "planned_action_act: insert", "policy: insert",
                "policy_act: insert", "policy_entry: insert", "policy_receipt: insert",
                "policy_round: insert", "policy_version: insert",
                "procedure_known: insert", "receipt: update",
                "register_entry: insert", "reopening: insert", "review: insert",
                "review_act: insert", "school_rule: insert",
                "trust_setting: insert",
            ])
    }

    /// SEC-14: it sends mail to addresses that it cannot look up, about what it cannot read.
    @Test func `the worker's role reads no table of a school, and calls what is named here`() throws
    {
        #expect(
            try names(
                """
                select relname::text as name
                from pg_class, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as privilege
                where relkind in ('r', 'p', 'v') and relnamespace = 'public'::regnamespace
                    and (
                        has_table_privilege('rowan_worker', pg_class.oid, privilege)
                        or privilege <> 'DELETE' and has_any_column_privilege(
                            'rowan_worker', pg_class.oid, privilege))
                order by 1
                """) == ["oldest_program", "schema_migration"])
        #expect(
            try names(
                """
                select proname::text as name from pg_proc
                where pronamespace = 'public'::regnamespace
                    and has_function_privilege('rowan_worker', oid, 'execute')
                order by 1
                """) == [
                    "answer_signing_ask", "audit_hashes", "audit_heads", "climb", "count_duties",
                    "end_sessions_of_leavers", "instant", "issue_by_the_clock",
                    "lease_links", "lease_mail", "link_figures", "link_has_failed",
                    "link_has_secret", "link_was_sent", "mail_figures", "mail_has_failed",
                    "mail_was_sent", "open_what_nobody_reads", "park_links", "park_mail",
                    "remind_by_the_clock", "remind_of_duties", "remind_one_by_one",
                    "ring_step_clock", "rowan_now", "sweep", "unanswered_figures",
                ])
    }

    @Test(arguments: [
        "session", "account", "event_head", "unanswered", "intake_answer",
        "incident_words", "guess_count", "second_factor", "recovery_code",
        "monitoring_acknowledgement", "sign_in_link", "signing_ask",
    ])
    func `the service's role reads nothing of what is found by a secret only`(
        table: String
    ) throws {
        let readable = try names(
            """
            select 'readable' as name
            where has_any_column_privilege('rowan_service', \(table)::text, 'SELECT')
            """)
        #expect(readable == [])
    }

    @Test func `a view sees what its reader sees`() throws {
        #expect(
            try names(
                """
                select relname::text as name from pg_class
                where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
                    and not coalesce('security_invoker=true' = any(reloptions), false)
                """) == [])
    }

    /// Each of them acts for its owner: a new one must be thought about, and named here.
    @Test func `what acts for its owner has a fixed search path and is known`() throws {
        let definers = try names(
            """
            select proname::text as name from pg_proc
            where prosecdef and pronamespace = 'public'::regnamespace order by 1
            """)
        #expect(
            definers == Definers.all)
        // What acts with the owner's rights for a caller is the service's alone: whoever could call
        // it besides could be anybody. (Maintenance files the demonstration's reports,
        // consents and governors' report, imports rosters, and keeps the audit's heads, which are
        // numbers and hashes.)
        #expect(
            try names(
                """
                select rolname || ': ' || proname as name
                from pg_proc cross join pg_roles
                where prosecdef and pronamespace = 'public'::regnamespace
                    and prorettype <> 'trigger'::regtype
                    and rolname in ('rowan_reader', 'rowan_maintenance')
                    and has_function_privilege(rolname, pg_proc.oid, 'execute')
                order by 1
                """)
                == [
                    "apply_roster", "audit_hashes", "audit_heads", "discard_roster", "file_report",
                    "governor_figures", "record_consents", "roster_digests", "stage_roster",
                    "stage_roster_faults",
                    "stage_roster_links",
                ].map {
                    "rowan_maintenance: " + $0
                })
        #expect(
            try names(
                """
                select proname::text as name from pg_proc
                where prosecdef and pronamespace = 'public'::regnamespace
                    and not coalesce('search_path=public, pg_temp' = any(proconfig), false)
                """) == [])
    }

    @Test func `no function is for everybody`() throws {
        #expect(
            try names(
                """
                select proname::text as name from pg_proc, aclexplode(
                    coalesce(proacl, acldefault('f', proowner))) as grants
                where pronamespace = 'public'::regnamespace and grants.grantee = 0
                """) == [])
    }
}
