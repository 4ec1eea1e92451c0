import type { Knex } from "knex";
import type { Network } from "#contracts/link-names.ts";

export interface Sighting {
  readonly traderId: string;
  readonly ip: string | null;
  readonly network: Network;
  /** Only with the trader's consent to the text of this version. */
  readonly device: {
    readonly id: string;
    /** 32 hexadecimal digits. */
    readonly fingerprint: string;
    readonly isLookalike: boolean;
    readonly consentVersion: number;
  } | null;
}

/** Keeps what was seen of a login; its values are noted with it. */
export async function noteSighting(db: Knex, { traderId, ip, network, device }: Sighting): Promise<void> {
  await db("sightings").insert({
    tenant_id: db("traders").where({ id: traderId }).select("tenant_id"),
    ...{ trader_id: traderId, ip, asn: network.asn, country: network.country },
    ...{ network_type: network.type, device_id: device?.id ?? null, fingerprint: device?.fingerprint ?? null },
    ...{ is_lookalike: device?.isLookalike ?? false, consent_version: device?.consentVersion ?? null },
  });
}

/** Deletes sightings, and what was known by them alone, that are older than so many days. Returns how many sightings went. */
export async function forgetSightings(db: Knex, days: number): Promise<bigint> {
  const { rows } = await db.raw<{ rows: [{ gone: bigint }] }>(
    "SELECT forget_sightings(clock_timestamp() - make_interval(days => ?)) AS gone",
    [days],
  );
  return rows[0].gone;
}
