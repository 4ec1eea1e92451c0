import type { Knex } from "knex";

const marginEvents = (quotes: string): string => `
    CREATE VIEW admin_margin_events WITH (security_invoker = true) AS
      SELECT e.id, e.at, e.tenant_id, e.trader_id, e.account_id, e.book, e.kind, e.stage_before, e.stage_after,
        to_major(e.equity_minor, e.currency_scale) AS equity, to_major(e.required_minor, e.currency_scale) AS required,
        CASE WHEN e.required_minor > 0 THEN round(e.equity_minor * 100.0 / e.required_minor, 2) END AS level, e.instrument_id, e.lots,
        e.order_id, to_major(e.amount_minor, e.currency_scale) AS amount, e.currency, ${quotes} AS quotes,
        coalesce(g.line, '{}') AS agent_line
      FROM margin_events e JOIN traders t ON t.id = e.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    GRANT SELECT ON admin_margin_events TO truewick_app;`;

const killSwitches = (account: string): string => `
    CREATE VIEW admin_kill_switches WITH (security_invoker = true) AS
      SELECT s.*, CASE WHEN s.lifted_at IS NULL THEN 'in-force' ELSE 'lifted' END AS state,
        CASE s.scope WHEN 'partner' THEN p.name WHEN 'agent' THEN g.code || ' (' || p.name || ')' WHEN 'instrument' THEN s.instrument_id
          WHEN 'account' THEN ${account}
      FROM kill_switches s LEFT JOIN partners p ON p.id = s.tenant_id LEFT JOIN agents g ON g.id = s.agent_id
        LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN traders t ON t.id = a.trader_id;
    GRANT SELECT ON admin_kill_switches TO truewick_app;`;

/**
 * What the desk reads in prices and words: the quotes of a margin event as prices, by the terms then in force, and the book of a
 * stopped account as a column of its own, so that the screen can name it in the reader's language.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_margin_events, admin_kill_switches;
    ${marginEvents(`(
          SELECT coalesce(jsonb_object_agg(q.instrument, jsonb_build_object('seq', q.quote->>'seq',
            'bid', as_price((q.quote->>'bid')::bigint * c.tick_size, c.price_decimals)::text,
            'ask', as_price((q.quote->>'ask')::bigint * c.tick_size, c.price_decimals)::text)), '{}')
          FROM jsonb_each(e.quotes) AS q (instrument, quote)
            JOIN LATERAL (SELECT i.tick_size, i.price_decimals FROM instrument_terms i WHERE i.instrument_id = q.instrument
              ORDER BY i.effective_from > e.at, i.terms_version DESC LIMIT 1) c ON true)`)}
    ${killSwitches(`t.name || ' · ' || a.currency END AS target, a.book AS target_book`)}
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_margin_events, admin_kill_switches;
    ${marginEvents("e.quotes")}
    ${killSwitches(`t.name || ' · ' || a.book || ' · ' || a.currency END AS target`)}
  `);
}
