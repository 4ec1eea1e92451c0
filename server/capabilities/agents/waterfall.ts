import type { Knex } from "knex";
import type { SharedFill, WaterfallLevel, WaterfallReply } from "#contracts/waterfall-api.ts";
import type { LevelShare } from "#core/commission.ts";
import { writeRate } from "#core/commission-plan.ts";
import { assert } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import { readHistories } from "./commission-histories.store.ts";
import { type DecidedFill, decideFill } from "./decide-fill.ts";
import { fillFacts } from "./fill-facts.store.ts";
import {
  type BookedLevel,
  bookedLevels,
  knownNames,
  type SeenFill,
  seenFill,
  versionName,
  type WaterfallViewer,
} from "./waterfall.store.ts";

export type { WaterfallViewer } from "./waterfall.store.ts";

/**
 * Who gets what of a fill, every level with its rate, and the house's rest: as booked, or, while its date is open, as it will be.
 * Null: there is no such fill for this viewer.
 */
export async function fillWaterfall(db: Knex, viewer: WaterfallViewer, fillId: bigint): Promise<WaterfallReply | null> {
  const seen = await seenFill(db, viewer, fillId);
  if (seen === undefined) return null;
  if (seen.book !== "live") return { state: "none", why: "demo" };
  const facts = await fillFacts(db, fillId);
  if (facts === null) return { state: "none", why: "no-agent" };
  const decided = decideFill(await readHistories(db, seen.tenant_id), facts);
  const booked = await bookedLevels(db, fillId);
  const ids = decided.waterfall.levels.flatMap(({ agentId }) => (agentId === null ? [] : [agentId]));
  const names = await knownNames(db, viewer, ids);
  return told(decided, { seen, booked, names, plan: await planOf(db, decided) });
}

async function planOf(db: Knex, { versionId, terms }: DecidedFill): Promise<SharedFill["plan"]> {
  if (versionId === null || terms === null) return null;
  const named = await versionName(db, versionId);
  assert(named !== undefined, `plan version ${versionId} has no plan`);
  return { ...named, model: terms.model };
}

interface Told {
  readonly seen: SeenFill;
  readonly booked: ReadonlyMap<number, BookedLevel>;
  readonly names: ReadonlyMap<string, string>;
  readonly plan: SharedFill["plan"];
}

/** What is booked counts; what was decided anew adds the levels that had no agent, which are not stored. */
function told({ facts, terms, waterfall }: DecidedFill, { seen, booked, names, plan }: Told): SharedFill {
  const money = (minor: bigint): string => formatDecimal(minor, facts.currencyScale);
  const level = ({ level: number, agentId, rate, amount, why }: LevelShare): WaterfallLevel => {
    const row = booked.get(number);
    const name = agentId === null ? undefined : names.get(agentId);
    return {
      level: number,
      agentId: name === undefined ? null : agentId,
      agentName: name ?? null,
      isBeyond: agentId !== null && name === undefined,
      rate: terms === null ? "0" : writeRate(terms.model, rate),
      amount: money(row?.amount_minor ?? amount),
      why: row === undefined ? why : row.why,
      takenBack: row === undefined || row.taken_back_minor === 0n ? null : money(-row.taken_back_minor),
    };
  };
  return {
    state: seen.house_minor === null ? "expected" : "computed",
    bookDate: seen.book_date,
    lots: facts.lots.toString(),
    currency: facts.currency,
    plan,
    cap: terms?.cap == null ? null : money(terms.cap),
    isCappedAtFee: terms?.isCappedAtFee ?? false,
    fee: money(facts.fee),
    basisOf: waterfall.basisOf,
    basis: money(waterfall.basis),
    levels: waterfall.levels.map(level),
    house: money(seen.house_minor ?? waterfall.house),
  };
}
