import type { Instrument } from "#core/instrument.ts";
import { lots } from "#core/units.ts";
import { markDay } from "../capabilities/day-close/support.ts";
import { quoteStored } from "../support/proofs.ts";
import { anOrderRequest } from "../support/trading.ts";
import { until } from "../support/until.ts";
import type { Month, Person } from "./house.ts";

/** What an order may be refused for here; anything else ends the month. */
const refusals = ["INSUFFICIENT_FUNDS", "CLOSE_ONLY", "POSITION_LIMIT"];
const ofCurrency = { USD: ["MES", "MNQ"], USDT: ["MUT"] } as const;
const quarter = 4;

/** Prices in ticks of a quarter, where the market is. */
const at = new Map([
  ["MES", 5_000 * quarter],
  ["MNQ", 18_000 * quarter],
  ["MUT", 5_000 * quarter],
]);

const priced = (ticks: number): string => (ticks / quarter).toFixed(2);

/** Each market takes a step, at most eight ticks; each fiftieth or so a leap that the poor do not survive. */
async function moveMarkets({ house, random }: Month): Promise<void> {
  for (const id of house.market.instruments.keys()) {
    const step = random.uniform() < 0.02 ? 200 * Math.sign(random.normal()) : Math.round(random.normal() * 3);
    const ticks = (at.get(id) ?? 0) + Math.max(-200, Math.min(200, step));
    at.set(id, ticks);
    await quoteStored(house, id, priced(ticks), priced(ticks + 1));
  }
}

/** Everyone with money places an order a round, all at once; each round ends when all are settled. */
export async function tradeRounds(month: Month, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await moveMarkets(month);
    await settled(month, await Promise.all([...month.people, ...month.demos].map((person) => placeOne(month, person))));
  }
}

/** One market order of one to three lots; its id, or null when it was refused. */
export async function placeOne(month: Month, { account, currency }: Person): Promise<string | null> {
  const { flow, facts, random } = month;
  const wanted = {
    instrument: month.one(ofCurrency[currency]),
    side: random.uniform() < 0.5 ? "buy" : "sell",
    lots: lots(BigInt(1 + Math.floor(random.uniform() * 3))).toString(),
  } as const;
  const answer = await flow.desk.place(account.trader, anOrderRequest(account, wanted));
  if ("order" in answer) {
    facts.orders.accepted += 1;
    return answer.order.id;
  }
  if (!refusals.includes(answer.code)) throw new Error(`${answer.code} ${answer.message}`);
  facts.refused(answer.code);
  return null;
}

export async function settled({ house }: Month, orders: readonly (string | null)[]): Promise<void> {
  const ids = orders.filter((id) => id !== null);
  await until(
    () => house.db.app("orders").whereIn("id", ids).whereNull("done_at").count("* as open").first(),
    (found) => Number(found?.open) === 0,
  );
}

/** The settlement prices of a date, as the marking job leaves them. */
export async function markPrices({ house }: Month, day: string): Promise<void> {
  for (const { id } of house.market.instruments.values() as Iterable<Instrument>)
    await markDay(house.db, day, BigInt(at.get(id) ?? 0), id);
}
