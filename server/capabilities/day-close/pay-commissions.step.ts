import type { Knex } from "knex";
import { formatDecimal } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { isPayoutTime, payableDates, payoutTime, postDay } from "../agents/index.ts";
import type { CloseStep, ClosingDate, Figures } from "./step.ts";

/**
 * Pays the commissions of the date that are not held, and those of dates before it that were released since. Only at the cut-off of the next
 * business day, so that staff have until then to hold a payout; what is paid is dated on that day, a missed date's on the day it is made up for.
 */
export const payCommissions: CloseStep = {
  name: "pay-commissions",
  prepare: async ({ db }, { bookDate }) =>
    (await isPayoutTime(db, bookDate))
      ? { outcome: "ready", figures: {} }
      : { outcome: "waits", for: "cut-off", until: await payoutTime(db, bookDate) },
  act: pay,
  foresee: async (db, date) => {
    const due = await payableDates(db, date);
    return {
      datesPaid: due.map(({ bookDate }) => bookDate),
      payoutsPaid: `${due.reduce((sum, { payouts }) => sum + payouts, 0n)}`,
    };
  },
};

async function pay(work: Work, { id: _close, ...date }: ClosingDate): Promise<Figures> {
  const due = await payableDates(work.db, date);
  const paid = new Map<string, bigint>();
  let payouts = 0;
  for (const { bookDate } of due) {
    const posted = await postDay(work, { tenantId: date.tenantId, bookDate });
    payouts += posted.payouts;
    for (const [currency, amount] of posted.paid) paid.set(currency, (paid.get(currency) ?? 0n) + amount);
  }
  return {
    datesPaid: due.map(({ bookDate }) => bookDate),
    payoutsPaid: `${payouts}`,
    paid: await readable(work.db, paid),
  };
}

async function readable(db: Knex, paid: ReadonlyMap<string, bigint>): Promise<string[]> {
  const currencies: { code: string; scale: number }[] = await db("currencies")
    .whereIn("code", [...paid.keys()])
    .orderBy("code")
    .select("code", "scale");
  return currencies.map(({ code, scale }) => `${code} ${formatDecimal(paid.get(code) ?? 0n, scale)}`);
}
