import type { Knex } from "knex";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** Fields of a contract by name, as on the wire. */
type Fields = Readonly<Record<string, unknown>>;

export interface ContractRefusal {
  readonly code: "ENDS_IN_THE_PAST" | "CONTRACT_OVER";
  readonly field: string;
}

const columns = {
  instrumentId: "instrument_id",
  code: "code",
  firstTradeAt: "first_trade_at",
  lastTradeAt: "last_trade_at",
  expiryAction: "expiry_action",
  finalQuoteMaxAgeS: "final_quote_max_age_s",
} as const;

/** What may still be decided when a contract is over and waits for a price or a successor. */
const openWhenOver: readonly string[] = ["expiryAction", "finalQuoteMaxAgeS"];

/**
 * Lists a contract. Its end must lie ahead: one in the past would close positions at a price from before they were opened.
 */
export async function createContract(work: Work, input: Fields): Promise<Result<{ id: string }, ContractRefusal>> {
  const { db, audit } = work;
  if (!(await isAhead(db, input.lastTradeAt))) return refuse({ code: "ENDS_IN_THE_PAST", field: "lastTradeAt" });
  const id = newId();
  await db("contracts").insert({ id, ...picked(input) });
  audit({ action: "create", resource: "contracts", objectId: id, tenantId: null, after: input });
  return ok({ id });
}

/**
 * Changes a contract whose row the caller has locked. Once it is over only what it waits for can be decided: how old its last quote
 * may be, and whether positions close or roll. A settled one is never changed.
 */
export async function updateContract(
  work: Work,
  update: { readonly id: string; readonly changes: Fields; readonly current: Fields },
): Promise<Result<null, ContractRefusal>> {
  const { id, changes, current } = update;
  const { db, audit } = work;
  const isOver = current.state === "settling" || current.state === "settled";
  const barred = Object.keys(changes).find((field) => current.state === "settled" || !openWhenOver.includes(field));
  if (isOver && barred !== undefined) return refuse({ code: "CONTRACT_OVER", field: barred });
  if (changes.lastTradeAt !== undefined && !(await isAhead(db, changes.lastTradeAt)))
    return refuse({ code: "ENDS_IN_THE_PAST", field: "lastTradeAt" });
  await db("contracts")
    .where({ id })
    .update({ ...picked(changes), updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
  const before = Object.fromEntries(Object.keys(changes).map((field) => [field, current[field]]));
  audit({ action: "update", resource: "contracts", objectId: id, tenantId: null, before, after: changes });
  return ok(null);
}

async function isAhead(db: Knex, at: unknown): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { ahead: boolean }[] }>("SELECT ?::timestamptz > clock_timestamp() AS ahead", [
    String(at instanceof Date ? at.toISOString() : at),
  ]);
  return rows[0]?.ahead === true;
}

const picked = (input: Fields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([field, column]) => (input[field] === undefined ? [] : [[column, input[field]]])),
  );
