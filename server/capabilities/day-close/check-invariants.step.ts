import { verifyClosedDate } from "../ledger/index.ts";
import type { CloseStep, Figures } from "./step.ts";

/** The rules of the books. One that is broken stops the close and is named: nothing is computed from books that do not balance. */
export const checkInvariants: CloseStep = {
  name: "invariants",
  prepare: async ({ db }, { tenantId, bookDate }) => {
    const { checked, broken } = await verifyClosedDate(db, { tenantId, bookDate });
    const figures = toldOf(checked, broken);
    return { outcome: broken.length === 0 ? "ready" : "broken", figures };
  },
  foresee: async (db, { tenantId, bookDate }) => {
    const { checked, broken } = await verifyClosedDate(db, { tenantId, bookDate });
    return toldOf(checked, broken);
  },
};

const rowsShown = 5;

const toldOf = (checked: number, broken: Awaited<ReturnType<typeof verifyClosedDate>>["broken"]): Figures => ({
  checked,
  broken: broken.map(({ invariant }) => invariant),
  ...(broken.length === 0 ? {} : { rows: broken.flatMap(({ rows }) => rows.slice(0, rowsShown).map(rowText)) }),
});

const rowText = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? value.toString() : value));
