import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import { commissionsOfDay, computeCommissions } from "../agents/index.ts";
import type { CloseStep, ClosingDate, Figures } from "./step.ts";

/** What the date's fills earn the agents. Computed in pages before the outcome is stored: each fill once, however often this is begun. */
export const commissions: CloseStep = {
  name: "commissions",
  prepare: async ({ db, transact }, { tenantId, bookDate }) => {
    const computed = await computeCommissions({ db, transact })(tenantId, bookDate);
    assert(computed.ok, `book date ${bookDate} of partner ${tenantId} is closed by an earlier step, and is open`);
    return { outcome: "ready", figures: {} };
  },
  act: ({ db }, date) => figuresOf(db, date),
  foresee: figuresOf,
};

async function figuresOf(db: Knex, date: ClosingDate): Promise<Figures> {
  const { fills, payouts, held } = await commissionsOfDay(db, date);
  return { commissionFills: `${fills}`, payouts: `${payouts}`, held: `${held}` };
}
