import { formatDecimal, type MinorUnits, minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { changeAccountState } from "../administration/index.ts";
import { change, record } from "./change.ts";
import { type DepositRow, stillThere } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";
import { type DepositLedger, postGivenBack, postKeptTaken, postTakenBack } from "./post-deposit.ts";

const owes = "a deposit was taken back and the account does not cover it";

/**
 * The channel took the money back, or staff say so. Credited money is taken from the account as far as nothing holds it, and its fee is
 * given back; the rest is owed, and the account may only close positions until somebody has looked at it.
 */
export async function takeBack(
  work: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  ledger: DepositLedger,
  columns: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const amount = stillThere(row);
  const { owed, ...taken } = await take(work, row, ledger, amount, minorUnits(row.fee_minor));
  const ended = { ...taken, state: "reversed", ended_at: work.db.raw("clock_timestamp()"), next_poll_at: null };
  await change(work, announce, row, { ...columns, ...ended });
  record(work, "reverse", row, { state: "reversed", ...told(row, amount, owed) });
}

/** The channel took a part of the money back. What is left stays where it is, and so does the fee. */
export async function takePart(
  work: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  ledger: DepositLedger,
  amount: MinorUnits,
): Promise<void> {
  const { owed, ...taken } = await take(work, row, ledger, amount, minorUnits(0n));
  await change(work, announce, row, { ...taken, next_poll_at: null });
  record(work, "reverse-part", row, { state: row.state, ...told(row, amount, owed) });
}

/**
 * The channel gave back what it had taken. It goes where it was taken from: what is still owed for it is settled, the rest is the
 * trader's, or kept apart where it was never credited. The fee that went back with it is not charged again.
 */
export async function giveBack(
  work: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  ledger: DepositLedger,
  { amount, to }: { readonly amount: MinorUnits; readonly to: DepositRow["state"] },
): Promise<void> {
  const now = work.db.raw("clock_timestamp()");
  const isTraders = to === "credited";
  const owed = isTraders ? row.owed_minor - row.collected_minor : 0n;
  const debt = owed < amount ? owed : amount;
  const rest = amount - debt;
  const moves = await postGivenBack(ledger, row, { debt, rest, to: isTraders ? "cash" : "suspense" });
  await change(work, announce, row, {
    ...{ state: to, moves, ended_at: null, next_poll_at: null },
    ...(row.received_minor === null ? { received_minor: amount.toString(), received_at: now } : {}),
    taken_back_minor: (row.received_minor === null ? 0n : row.taken_back_minor - amount).toString(),
    collected_minor: (row.collected_minor + debt).toString(),
    ...(row.state === "reversed" ? { fee_minor: "0" } : {}),
  });
  record(work, "give-back", row, { state: to, ...told(row, amount, minorUnits(owed - debt)) });
}

/** Moves `amount` to the channel, and says what the deposit keeps of that; `owed` is what of it nobody had. */
async function take(work: Work, row: DepositRow, ledger: DepositLedger, amount: MinorUnits, fee: MinorUnits) {
  const taken_back_minor = (row.taken_back_minor + amount).toString();
  if (row.state !== "credited")
    return { owed: minorUnits(0n), taken_back_minor, moves: await postKeptTaken(ledger, row, amount) };
  const { owed, moves } = await postTakenBack(ledger, row, { amount, fee });
  const { account } = ledger;
  if (owed > 0n && account?.state === "active")
    await changeAccountState(work, {
      ...{ id: account.id, tenantId: account.tenant_id, from: account.state, to: "close-only", reason: owes },
    });
  return { owed, taken_back_minor, moves, owed_minor: (row.owed_minor + owed).toString() };
}

const told = ({ currency_scale, currency }: DepositRow, amount: MinorUnits, owed: MinorUnits) => ({
  ...{ amount: formatDecimal(amount, currency_scale), owed: formatDecimal(owed, currency_scale), currency },
});
