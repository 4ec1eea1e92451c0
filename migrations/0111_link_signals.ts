import type { Knex } from "knex";

/**
 * What accounts may have in common: where they log in from, where their money goes, how they are reached. A sighting is one login; from
 * sightings and facts comes one row for each value and trader that has it, which all scoring reads (decision 0021).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE sightings (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      device_id uuid,
      fingerprint text CONSTRAINT sightings_fingerprint_shape CHECK (fingerprint ~ '^[0-9a-f]{32}$'),
      is_lookalike boolean NOT NULL DEFAULT false,
      consent_version smallint,
      ip inet,
      asn bigint,
      country text CONSTRAINT sightings_country_shape CHECK (country ~ '^[A-Z]{2}$'),
      network_type text NOT NULL CONSTRAINT sightings_network_known CHECK (network_type IN ('residential', 'mobile', 'hosting', 'unknown')),
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT sightings_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id),
      CONSTRAINT sightings_device_by_consent CHECK (num_nonnulls(device_id, fingerprint) = 0 OR consent_version IS NOT NULL)
    );
    COMMENT ON TABLE sightings IS 'logins: the address of each, the device only of those who agreed to the consent text of that version; deleted by forget_sightings alone';
    CREATE INDEX sightings_home ON sightings (ip, at) WHERE network_type = 'residential';
    CREATE INDEX sightings_trader_home ON sightings (trader_id, at) WHERE network_type = 'residential';
    CREATE INDEX sightings_at ON sightings (at);
    CREATE TRIGGER sightings_no_update BEFORE UPDATE ON sightings FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER sightings_no_truncate BEFORE TRUNCATE ON sightings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE sightings ENABLE ALWAYS TRIGGER sightings_no_update;
    ALTER TABLE sightings ENABLE ALWAYS TRIGGER sightings_no_truncate;

    CREATE TABLE link_values (
      signal text NOT NULL CONSTRAINT link_values_signal_known
        CHECK (signal IN ('payout', 'device', 'phone', 'email', 'device-network', 'fingerprint', 'ip', 'email-similar')),
      value uuid NOT NULL,
      trader_id uuid NOT NULL,
      shown text NOT NULL,
      factor real NOT NULL CONSTRAINT link_values_factor_is_share CHECK (factor > 0 AND factor <= 1),
      last_at timestamptz NOT NULL,
      days int,
      PRIMARY KEY (signal, value, trader_id)
    );
    COMMENT ON COLUMN link_values.value IS 'the first half of a SHA-256 of what is shared; what of it people may see is in shown';
    COMMENT ON COLUMN link_values.days IS 'UTC dates on which the trader was seen with it; null: it is not something that is seen';
    CREATE INDEX link_values_trader ON link_values (trader_id);

    CREATE FUNCTION link_value(text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT encode(substring(sha256(convert_to($1, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
    $$;
    -- The network of an address: what one customer of a provider may have, /24 or /48.
    CREATE FUNCTION network_of(inet) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT network(set_masklen($1, CASE family($1) WHEN 4 THEN 24 ELSE 48 END))::text
    $$;
    -- Address without its last part.
    CREATE FUNCTION masked_ip(inet) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT CASE family($1) WHEN 4 THEN regexp_replace(host($1), '[0-9]+$', '•••')
        ELSE regexp_replace(host(network(set_masklen($1, 48))), '::$', ':•••') END
    $$;

    -- All values of the rows that one statement added, in one statement: the same for one login and for a million.
    CREATE FUNCTION note_link_values() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO link_values AS known (signal, value, trader_id, shown, factor, last_at, days)
        SELECT v.signal, link_value(v.text), s.trader_id, min(v.shown), min(v.factor), max(s.at), count(DISTINCT (s.at AT TIME ZONE 'UTC')::date)
        FROM added s CROSS JOIN LATERAL (VALUES
          ('device', s.device_id::text, left(s.device_id::text, 4) || '•••', 1::real),
          ('fingerprint', s.fingerprint, left(s.fingerprint, 4) || '•••', CASE WHEN s.is_lookalike THEN 0.3 ELSE 1 END::real),
          ('device-network', CASE WHEN s.network_type = 'residential' THEN s.fingerprint || ' ' || network_of(s.ip) END,
            left(s.fingerprint, 4) || '••• · ' || masked_ip(s.ip), CASE WHEN s.is_lookalike THEN 0.3 ELSE 1 END::real),
          ('ip', host(s.ip), masked_ip(s.ip), CASE WHEN s.network_type = 'residential' THEN 1 ELSE 0.1 END::real)) v(signal, text, shown, factor)
        WHERE v.text IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (signal, value, trader_id) DO UPDATE SET factor = least(known.factor, excluded.factor),
          days = known.days + CASE WHEN (excluded.last_at AT TIME ZONE 'UTC')::date > (known.last_at AT TIME ZONE 'UTC')::date THEN excluded.days ELSE 0 END,
          last_at = greatest(known.last_at, excluded.last_at);
      RETURN NULL;
    END $$;
    CREATE TRIGGER sightings_values_noted AFTER INSERT ON sightings REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION note_link_values();
    ALTER TABLE sightings ENABLE ALWAYS TRIGGER sightings_values_noted;

    -- Where a trader's money goes: an address that he took away again says as much.
    CREATE FUNCTION note_payout_value() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO link_values (signal, value, trader_id, shown, factor, last_at)
        VALUES ('payout', link_value(upper(NEW.address)), NEW.trader_id, '•••' || right(NEW.address, 4), 1, NEW.created_at)
        ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER payout_targets_value_noted AFTER INSERT ON payout_targets FOR EACH ROW EXECUTE FUNCTION note_payout_value();
    INSERT INTO link_values (signal, value, trader_id, shown, factor, last_at)
      SELECT 'payout', link_value(upper(address)), trader_id, '•••' || right(min(address), 4), 1, max(created_at)
      FROM payout_targets GROUP BY trader_id, upper(address);

    CREATE FUNCTION forget_sightings(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE gone bigint;
    BEGIN
      IF before > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'sightings of the last day are kept' USING ERRCODE = '23514', CONSTRAINT = 'sightings_kept_a_day';
      END IF;
      DELETE FROM sightings WHERE at < before;
      GET DIAGNOSTICS gone = ROW_COUNT;
      DELETE FROM link_values WHERE days IS NOT NULL AND last_at < before;
      RETURN gone;
    END $$;
    REVOKE EXECUTE ON FUNCTION forget_sightings(timestamptz) FROM PUBLIC;

    GRANT SELECT ON sightings, link_values TO truewick_app;
    GRANT INSERT (tenant_id, trader_id, device_id, fingerprint, is_lookalike, consent_version, ip, asn, country, network_type) ON sightings TO truewick_app;
    GRANT INSERT, UPDATE, DELETE ON link_values TO truewick_app;
    GRANT EXECUTE ON FUNCTION forget_sightings(timestamptz) TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION forget_sightings(timestamptz);
    DROP TRIGGER payout_targets_value_noted ON payout_targets;
    DROP FUNCTION note_payout_value();
    DROP TABLE link_values, sightings;
    DROP FUNCTION note_link_values();
    DROP FUNCTION masked_ip(inet);
    DROP FUNCTION network_of(inet);
    DROP FUNCTION link_value(text);
  `);
}
