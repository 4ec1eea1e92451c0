import type { Knex } from "knex";
import { formatDecimal } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { payableDates, postDay } from "../agents/index.ts";
import type { CloseStep, ClosingDate, Figures } from "./step.ts";

/**
 * Pays the commissions of the dates before this one that are not held, the released ones too. So staff have one business day to hold a
 * payout, and what the close pays is dated after the date it closes.
 */
export const payCommissions: CloseStep = {
  name: "pay-commissions",
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
