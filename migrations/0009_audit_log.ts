import type { Knex } from "knex";

/** Who changed what, written in the transaction of the change, never altered. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE audit_log (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      tenant_id int,
      actor_kind text NOT NULL CONSTRAINT audit_log_actor_known CHECK (actor_kind IN ('staff', 'trader', 'system')),
      actor_id text,
      actor_name text NOT NULL,
      role text,
      ip text,
      trace_id text,
      action text NOT NULL,
      resource text NOT NULL,
      object_id text,
      before jsonb,
      after jsonb,
      reason text
    );
    CREATE INDEX audit_log_object ON audit_log (resource, object_id, id DESC);
    CREATE INDEX audit_log_at ON audit_log (at DESC);
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
    ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_no_truncate;
    GRANT SELECT ON audit_log TO truewick_app;
    -- Not at or xid: nobody dates a row back.
    GRANT INSERT (tenant_id, actor_kind, actor_id, actor_name, role, ip, trace_id, action, resource, object_id, before, after, reason)
      ON audit_log TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE audit_log;
  `);
}
