import type { Knex } from "knex";

/**
 * An agent earns nothing on accounts that are one person with his own as long as people say so: a link that is taken back ends it, one that
 * is confirmed again begins it anew. The first beginning stays where it was; what came after is a history of its own.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What people know of an account stands beside what was found by links.
    ALTER TABLE agent_own_traders DROP CONSTRAINT agent_own_traders_once;
    CREATE UNIQUE INDEX agent_own_traders_once ON agent_own_traders (agent_id, trader_id, (why = 'linked'));
    CREATE TABLE agent_own_changes (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      own_id bigint NOT NULL REFERENCES agent_own_traders(id),
      is_own boolean NOT NULL,
      since timestamptz NOT NULL DEFAULT clock_timestamp(),
      xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    COMMENT ON TABLE agent_own_changes IS 'of own accounts that were found by links: ended, and begun anew';
    CREATE INDEX agent_own_changes_tenant ON agent_own_changes (tenant_id);
    CREATE INDEX agent_own_changes_own ON agent_own_changes (own_id, id);
    CREATE TRIGGER agent_own_changes_append_only BEFORE UPDATE OR DELETE ON agent_own_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER agent_own_changes_no_truncate BEFORE TRUNCATE ON agent_own_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE agent_own_changes ENABLE ALWAYS TRIGGER agent_own_changes_append_only;
    ALTER TABLE agent_own_changes ENABLE ALWAYS TRIGGER agent_own_changes_no_truncate;

    DROP TRIGGER linked_traders_own_noted ON linked_traders;
    DROP FUNCTION note_linked_own(uuid[]);
    -- Brings in step what follows from the clusters of these traders: they are an agent's own as long as one of theirs is, by himself or by staff.
    CREATE FUNCTION keep_linked_own(named uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), t.tenant_id)
        FROM (SELECT DISTINCT tenant_id FROM traders WHERE id = ANY (named) ORDER BY 1) t;
      WITH wanted AS (
        SELECT DISTINCT o.tenant_id, o.agent_id, t.id AS trader_id
        FROM linked_traders l JOIN traders t ON t.id = l.trader_id JOIN linked_traders mate USING (cluster_id)
          JOIN agent_own_traders o ON o.trader_id = mate.trader_id AND o.tenant_id = t.tenant_id AND o.why <> 'linked'
        WHERE l.trader_id = ANY (named) AND mate.trader_id <> l.trader_id),
      known AS (
        SELECT o.id, o.tenant_id, o.agent_id, o.trader_id,
          coalesce((SELECT c.is_own FROM agent_own_changes c WHERE c.own_id = o.id ORDER BY c.id DESC LIMIT 1), true) AS is_own
        FROM agent_own_traders o WHERE o.trader_id = ANY (named) AND o.why = 'linked'),
      begun AS (
        INSERT INTO agent_own_traders (tenant_id, agent_id, trader_id, why)
          SELECT w.tenant_id, w.agent_id, w.trader_id, 'linked' FROM wanted w
          WHERE NOT EXISTS (SELECT FROM known k WHERE k.agent_id = w.agent_id AND k.trader_id = w.trader_id) ORDER BY 2, 3 ON CONFLICT DO NOTHING)
      INSERT INTO agent_own_changes (tenant_id, own_id, is_own)
        SELECT k.tenant_id, k.id, NOT k.is_own FROM known k
          LEFT JOIN wanted w ON w.agent_id = k.agent_id AND w.trader_id = k.trader_id
        WHERE k.is_own = (w.agent_id IS NULL) ORDER BY 2;
    END $$;
    CREATE OR REPLACE FUNCTION note_own_of_linked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM keep_linked_own(ARRAY(SELECT o.trader_id FROM linked_traders mine JOIN linked_traders o USING (cluster_id) WHERE mine.trader_id = NEW.trader_id));
      RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION keep_linked_own(uuid[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION keep_linked_own(uuid[]) TO truewick_app;
    GRANT SELECT ON agent_own_changes TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION keep_linked_own(uuid[]);
    DROP TABLE agent_own_changes;
    ALTER TABLE agent_own_traders DISABLE TRIGGER agent_own_traders_append_only;
    DELETE FROM agent_own_traders o WHERE why = 'linked'
      AND EXISTS (SELECT FROM agent_own_traders k WHERE k.agent_id = o.agent_id AND k.trader_id = o.trader_id AND k.why <> 'linked');
    ALTER TABLE agent_own_traders ENABLE ALWAYS TRIGGER agent_own_traders_append_only;
    DROP INDEX agent_own_traders_once;
    ALTER TABLE agent_own_traders ADD CONSTRAINT agent_own_traders_once UNIQUE (agent_id, trader_id);
    CREATE FUNCTION note_linked_own(named uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), t.tenant_id)
        FROM (SELECT DISTINCT tenant_id FROM traders WHERE id = ANY (named) ORDER BY 1) t;
      INSERT INTO agent_own_traders (tenant_id, agent_id, trader_id, why)
        SELECT DISTINCT o.tenant_id, o.agent_id, t.id, 'linked'
        FROM linked_traders asked JOIN linked_traders mine USING (cluster_id) JOIN agent_own_traders o ON o.trader_id = mine.trader_id
          JOIN linked_traders other ON other.cluster_id = mine.cluster_id AND other.trader_id <> mine.trader_id
          JOIN traders t ON t.id = other.trader_id AND t.tenant_id = o.tenant_id
        WHERE asked.trader_id = ANY (named)
          AND NOT EXISTS (SELECT FROM agent_own_traders known WHERE known.agent_id = o.agent_id AND known.trader_id = t.id)
        ORDER BY 2, 3 ON CONFLICT DO NOTHING;
    END $$;
    CREATE OR REPLACE FUNCTION note_own_of_linked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM note_linked_own(ARRAY[NEW.trader_id]);
      RETURN NULL;
    END $$;
    CREATE TRIGGER linked_traders_own_noted AFTER INSERT OR UPDATE OF cluster_id ON linked_traders FOR EACH ROW EXECUTE FUNCTION note_own_of_linked();
  `);
}
