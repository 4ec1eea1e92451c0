import type { Knex } from "knex";
import { formatDecimal, minorUnits } from "#core/units.ts";
import { type ComparedBank, compareBank } from "../reconciliation/index.ts";
import type { CloseStep, ClosingDate, Figures } from "./step.ts";

/** Our books beside the banks' statements at the date's end. What is open is named and stops nothing: a statement may come later. */
export const reconcile: CloseStep = {
  name: "reconcile",
  prepare: async ({ db }, date) => ({ outcome: "ready", figures: await figuresOf(db, date) }),
  foresee: figuresOf,
};

async function figuresOf(db: Knex, date: ClosingDate): Promise<Figures> {
  const banks = await compareBank(db, date);
  const sum = (of: (bank: ComparedBank) => bigint): string => `${banks.reduce((total, bank) => total + of(bank), 0n)}`;
  return {
    matched: sum(({ matched }) => matched),
    open: sum(({ openCount }) => openCount),
    banks: banks.map(balancesText),
    ...(banks.some(({ open }) => open.length > 0) ? { rows: banks.flatMap(openTexts) } : {}),
  };
}

const balancesText = ({ currency, scale, ours, theirs, opening }: ComparedBank): string =>
  [
    `${currency} ours ${formatDecimal(ours, scale)}, theirs ${formatDecimal(theirs, scale)}`,
    `difference ${formatDecimal(minorUnits(theirs - ours), scale)}, opening ${formatDecimal(opening, scale)}`,
  ].join(", ");

const openTexts = ({ currency, scale, open }: ComparedBank): readonly string[] =>
  open.map(
    ({ payment, foundIn, ours, theirs, ageDays }) =>
      `${foundIn} ${payment}: ${currency} ours ${formatDecimal(ours, scale)}, theirs ${formatDecimal(theirs, scale)}, ${ageDays} days`,
  );
