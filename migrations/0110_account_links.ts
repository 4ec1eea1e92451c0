import type { Knex } from "knex";

/**
 * Accounts that belong together: a score for each pair of traders with what it comes from, what people decided about the pair, and the
 * clusters of those who are one person, which limits and commissions count as one (decision 0021).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE account_links (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int REFERENCES partners(id),
      trader_a uuid NOT NULL REFERENCES traders(id),
      trader_b uuid NOT NULL REFERENCES traders(id),
      score numeric(5, 4) NOT NULL CONSTRAINT account_links_score_is_share CHECK (score BETWEEN 0 AND 1),
      evidence jsonb NOT NULL DEFAULT '[]',
      weights_version smallint NOT NULL,
      group_id uuid,
      state text NOT NULL DEFAULT 'open' CONSTRAINT account_links_state_known CHECK (state IN ('open', 'household', 'confirmed', 'dismissed')),
      reason text,
      decided_by text,
      decided_at timestamptz,
      found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      scored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT account_links_once UNIQUE (trader_a, trader_b),
      CONSTRAINT account_links_two_in_order CHECK (trader_a < trader_b),
      CONSTRAINT account_links_decided_is_whole CHECK (num_nonnulls(reason, decided_by, decided_at) IN (0, 3)
        AND (state = 'open' OR decided_by IS NOT NULL))
    );
    COMMENT ON COLUMN account_links.tenant_id IS 'null: traders of two partners, which only the operator''s own staff may know of';
    COMMENT ON COLUMN account_links.evidence IS 'what the score comes from, the strongest first';
    COMMENT ON COLUMN account_links.group_id IS 'of a link between two of one group, as strong and confirmed links join them: the least of its traders';
    CREATE INDEX account_links_b ON account_links (trader_b);
    CREATE INDEX account_links_list ON account_links (state, score DESC);
    CREATE INDEX account_links_group ON account_links (group_id) WHERE group_id IS NOT NULL;

    CREATE TABLE account_link_decisions (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int,
      trader_a uuid NOT NULL,
      trader_b uuid NOT NULL,
      state text NOT NULL CONSTRAINT account_link_decisions_state_known CHECK (state IN ('open', 'household', 'confirmed', 'dismissed')),
      reason text NOT NULL CONSTRAINT account_link_decisions_reason_given CHECK (length(btrim(reason)) > 0),
      score numeric(5, 4) NOT NULL,
      evidence jsonb NOT NULL,
      weights_version smallint NOT NULL,
      decided_by_id uuid,
      decided_by text NOT NULL,
      decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT account_link_decisions_link FOREIGN KEY (trader_a, trader_b) REFERENCES account_links (trader_a, trader_b)
    );
    COMMENT ON TABLE account_link_decisions IS 'every decision with the score and the evidence it was made on';
    CREATE INDEX account_link_decisions_pair ON account_link_decisions (trader_a, trader_b, id);
    CREATE TRIGGER account_link_decisions_append_only BEFORE UPDATE OR DELETE ON account_link_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER account_link_decisions_no_truncate BEFORE TRUNCATE ON account_link_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE account_link_decisions ENABLE ALWAYS TRIGGER account_link_decisions_append_only;
    ALTER TABLE account_link_decisions ENABLE ALWAYS TRIGGER account_link_decisions_no_truncate;

    -- A link that somebody decided stays, whatever becomes of its score: no rescoring forgets a decision.
    CREATE FUNCTION keep_decided_link() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'link % was decided and stays', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'account_links_decided_stays';
      END IF;
      RETURN OLD;
    END $$;
    CREATE TRIGGER account_links_decided_stay BEFORE DELETE ON account_links FOR EACH ROW EXECUTE FUNCTION keep_decided_link();
    ALTER TABLE account_links ENABLE ALWAYS TRIGGER account_links_decided_stay;

    CREATE TABLE linked_traders (
      trader_id uuid PRIMARY KEY REFERENCES traders(id),
      cluster_id uuid NOT NULL,
      is_main boolean NOT NULL DEFAULT false
    );
    COMMENT ON TABLE linked_traders IS 'who is in a confirmed cluster: joined by confirmed links alone; its id is the least of its traders''';
    CREATE INDEX linked_traders_cluster ON linked_traders (cluster_id);
    CREATE UNIQUE INDEX linked_traders_one_main ON linked_traders (cluster_id) WHERE is_main;

    ALTER TABLE agent_own_traders DROP CONSTRAINT agent_own_traders_why_known;
    ALTER TABLE agent_own_traders ADD CONSTRAINT agent_own_traders_why_known CHECK (why IN ('same-email', 'by-staff', 'linked'));

    -- Whoever is one person with an agent's own account is the agent's own account too, whichever of the two is found out first.
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
    CREATE FUNCTION note_own_of_linked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM note_linked_own(ARRAY[NEW.trader_id]);
      RETURN NULL;
    END $$;
    CREATE TRIGGER linked_traders_own_noted AFTER INSERT OR UPDATE OF cluster_id ON linked_traders FOR EACH ROW EXECUTE FUNCTION note_own_of_linked();
    CREATE TRIGGER agent_own_traders_linked_noted AFTER INSERT ON agent_own_traders FOR EACH ROW
      WHEN (NEW.why <> 'linked') EXECUTE FUNCTION note_own_of_linked();

    CREATE VIEW admin_account_links WITH (security_invoker = true) AS
      SELECT l.id, l.tenant_id, l.trader_a, l.trader_b, l.score, CASE WHEN l.score >= 0.8 THEN 'strong' WHEN l.score >= 0.5 THEN 'review' ELSE 'weak' END AS edge,
        l.evidence, l.evidence -> 0 ->> 'signal' AS strongest, l.weights_version, l.group_id, l.state,
        m.trader_id AS main_trader_id, l.reason, l.decided_by, l.decided_at, l.found_at, l.scored_at, l.version
      FROM account_links l
        LEFT JOIN linked_traders a ON a.trader_id = l.trader_a AND l.state = 'confirmed'
        LEFT JOIN linked_traders m ON m.cluster_id = a.cluster_id AND m.is_main;
    CREATE VIEW admin_account_link_decisions WITH (security_invoker = true) AS
      SELECT d.id, d.tenant_id, l.id AS link_id, d.trader_a, d.trader_b, d.state, d.reason, d.score, d.evidence, d.weights_version, d.decided_by, d.decided_at
      FROM account_link_decisions d JOIN account_links l USING (trader_a, trader_b);

    GRANT SELECT ON account_links, account_link_decisions, linked_traders, admin_account_links, admin_account_link_decisions TO truewick_app;
    GRANT INSERT (tenant_id, trader_a, trader_b, score, evidence, weights_version, group_id, scored_at),
      UPDATE (score, evidence, weights_version, group_id, state, reason, decided_by, decided_at, scored_at, version), DELETE ON account_links TO truewick_app;
    GRANT INSERT ON account_link_decisions TO truewick_app;
    GRANT INSERT, UPDATE, DELETE ON linked_traders TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_account_link_decisions, admin_account_links;
    DROP TRIGGER agent_own_traders_linked_noted ON agent_own_traders;
    DROP TABLE linked_traders, account_link_decisions, account_links;
    DROP FUNCTION note_own_of_linked();
    DROP FUNCTION note_linked_own(uuid[]);
    DROP FUNCTION keep_decided_link();
    ALTER TABLE agent_own_traders DISABLE TRIGGER agent_own_traders_append_only;
    UPDATE agent_own_traders SET why = 'by-staff' WHERE why = 'linked';
    ALTER TABLE agent_own_traders ENABLE ALWAYS TRIGGER agent_own_traders_append_only;
    ALTER TABLE agent_own_traders DROP CONSTRAINT agent_own_traders_why_known;
    ALTER TABLE agent_own_traders ADD CONSTRAINT agent_own_traders_why_known CHECK (why IN ('same-email', 'by-staff'));
  `);
}
