import type { PaymentStatus } from "#contracts/payment-names.ts";
import type { AskedPayment, DepositChannel } from "#core/deposit-channel.ts";
import { type DepositStep, decideFact, type PaymentFact, type StandingDeposit } from "#core/deposit-fact.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { change, creditedNow, record } from "./change.ts";
import {
  claimDue,
  type DepositRow,
  type EventRow,
  eventsOf,
  findEvent,
  lockDeposit,
  nextPoll,
} from "./deposits.store.ts";
import { type DepositDeps, findChannel } from "./ports.ts";
import { type DepositLedger, lockDepositLedger, postCredit, postHeld } from "./post-deposit.ts";
import { recordFact } from "./record-fact.ts";
import { depositContext } from "./rules.store.ts";
import { giveBack, takeBack, takePart } from "./take-back.ts";

/** So many deposits are asked about at once: a channel that does not answer takes its whole patience for each. */
const batch = 20;

/**
 * Asks the channels about every deposit whose time has come, and lets what they say take its effect: one transaction each. A channel
 * that does not answer leaves `unknown`, to be asked again later and less and less often. Returns how many were looked at. Safe to
 * run by several at once, and to be killed anywhere.
 */
export const settleDeposits =
  (deps: DepositDeps, onError: (error: unknown, depositId: string) => void) => async (): Promise<number> => {
    const due = await deps.transact(systemActor, ({ db }) => claimDue(db, batch));
    await Promise.all(due.map((row) => settleDeposit(deps, row).catch((error: unknown) => onError(error, row.id))));
    return due.length;
  };

async function settleDeposit(deps: DepositDeps, claimed: DepositRow): Promise<void> {
  const channel = findChannel(deps, { channel: claimed.channel, tenantId: claimed.tenant_id });
  // A channel that was taken out of the settings answers nothing: what is open there stays open.
  if (channel === undefined) return wait(deps, claimed, "unknown");
  if (channel.ask === null) return deps.transact(systemActor, (work) => settleBy(work, deps, claimed.id, null));
  const answer = await channel.ask({ reference: claimed.reference, paymentNo: claimed.payment_no });
  if (answer.kind === "fact")
    return deps.transact(systemActor, (work) => settleByAnswer(work, deps, channel, claimed, answer));
  return wait(deps, claimed, answer.kind === "no-answer" ? "unknown" : "waiting");
}

/** Nothing is known that would move money: the state says so, and the channel is asked again, or not any more. */
const wait = (deps: DepositDeps, { id, polls }: DepositRow, to: "unknown" | "waiting"): Promise<void> =>
  deps.transact(systemActor, async (work) => {
    const row = await lockDeposit(work.db, id);
    if (row === undefined) return;
    if (!["waiting", "unknown", "expired", "failed"].includes(row.state)) return stopAsking(work, row);
    // Money that nobody was told to pay was announced: until the channel confirms it, it is not known.
    const state = row.reference === null ? "unknown" : to;
    if (state === "waiting" && (await isExpired(work, id)))
      return change(work, deps.announce, row, { state: "expired", next_poll_at: null });
    const next_poll_at = nextPoll(work.db, polls);
    if (state === row.state) await work.db("deposits").where({ id }).update({ next_poll_at });
    else await change(work, deps.announce, row, { state, next_poll_at });
  });

const stopAsking = async ({ db }: Work, { id }: DepositRow): Promise<void> => {
  await db("deposits").where({ id }).update({ next_poll_at: null });
};

async function isExpired({ db }: Work, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { over: boolean | null }[] }>(
    "SELECT expires_at <= clock_timestamp() AS over FROM deposits WHERE id = ?",
    [id],
  );
  return rows[0]?.over === true;
}

/** What was answered is stored as it was, and takes its effect on the deposit that it is about, which may be another one. */
async function settleByAnswer(
  work: Work,
  deps: DepositDeps,
  channel: DepositChannel,
  claimed: DepositRow,
  { notice }: Extract<AskedPayment, { kind: "fact" }>,
): Promise<void> {
  const recorded = await recordFact(work, channel, notice);
  if (!recorded.ok)
    throw new Error(`${channel.channel} answered ${notice.amount} ${notice.currency}: ${recorded.refusal}`);
  const { depositId, eventId } = recorded.value;
  if (depositId !== claimed.id)
    await work
      .db("deposits")
      .where({ id: claimed.id })
      .update({ next_poll_at: nextPoll(work.db, claimed.polls) });
  await settleBy(work, deps, depositId, eventId);
}

/**
 * Lets the facts of a deposit take their effect. `eventId`: what the channel says now; null: it can't be asked, and the furthest that
 * its notices went is what it says.
 */
async function settleBy(work: Work, deps: DepositDeps, id: string, eventId: bigint | null): Promise<void> {
  const row = await lockDeposit(work.db, id);
  if (row === undefined) return;
  const events = (await eventsOf(work.db, id)).filter(({ currency }) => currency === row.currency);
  const said = eventId === null ? furthest(events) : await findEvent(work.db, eventId);
  if (said === undefined || said.currency !== row.currency) return expireOrWait(work, deps, row);
  const ledger = await lockDepositLedger(work, row, row.account_id);
  const context = ledger.account === null ? null : await depositContext(work.db, ledger.account, row.channel);
  const fact: PaymentFact = {
    ...{ status: said.status, amount: minorUnits(said.amount_minor) },
    takenBack: said.taken_back_minor === null ? null : minorUnits(said.taken_back_minor),
  };
  const paid = events.filter((event) => event.status === "paid");
  const othersAgree = paid.every(({ amount_minor }) => amount_minor === fact.amount);
  const transfer = said.source === "statement" ? await transferOf(work, row, said) : null;
  await apply(work, deps, row, ledger, decideFact(standingOf(row), fact, context, { othersAgree, transfer }), fact);
}

const orNull = (minor: bigint | null) => (minor === null ? null : minorUnits(minor));

const standingOf = (row: DepositRow): StandingDeposit => ({
  ...{ state: row.state, asked: orNull(row.asked_minor), isSomebodys: row.account_id !== null },
  ...{ received: orNull(row.received_minor), takenBack: minorUnits(row.taken_back_minor) },
  wasCredited: row.credited_at !== null,
  isReversedByHand: row.state === "reversed" && row.decision === "reverse" && row.decided_at !== null,
});

async function transferOf({ db }: Work, { trader_id }: DepositRow, { payer_name }: EventRow) {
  const trader = trader_id === null ? undefined : await db("traders").where({ id: trader_id }).first("name");
  return trader === undefined ? null : { payer: payer_name ?? "", trader: String(trader.name) };
}

const order: readonly PaymentStatus[] = ["pending", "failed", "paid", "reversed"];
const furthest = (events: readonly EventRow[]): EventRow | undefined =>
  order.map((status) => events.filter((event) => event.status === status).at(-1)).findLast((one) => one !== undefined);

async function expireOrWait(work: Work, deps: DepositDeps, row: DepositRow): Promise<void> {
  if (row.state === "waiting" && (await isExpired(work, row.id)))
    return change(work, deps.announce, row, { state: "expired", next_poll_at: null });
  await work.db("deposits").where({ id: row.id }).update({ next_poll_at: row.expires_at });
}

async function apply(
  work: Work,
  { announce }: DepositDeps,
  row: DepositRow,
  ledger: DepositLedger,
  step: DepositStep,
  { amount, status, takenBack }: PaymentFact,
): Promise<void> {
  const money = { received: formatDecimal(amount, row.currency_scale), currency: row.currency };
  const now = work.db.raw("clock_timestamp()");
  // Of what came, some may be gone already: that is the next step, at once.
  const next_poll_at = (takenBack ?? 0n) > 0n ? now : null;
  const received = { received_minor: amount.toString(), received_at: now, next_poll_at };
  switch (step.kind) {
    case "none":
      if (status === "pending") return keepAsking(work, row);
      return stopAsking(work, row);
    case "turn":
      return change(work, announce, row, {
        state: step.to,
        next_poll_at: step.to === "waiting" ? nextPoll(work.db, row.polls) : null,
      });
    case "hold":
      await postHeld(ledger, amount);
      await change(work, announce, row, { ...received, state: step.to, checks: JSON.stringify(step.checks) });
      return record(work, "keep-apart", row, { state: step.to, ...money });
    case "credit":
      await postCredit(ledger, { amount, fee: step.fee, isHeld: false });
      await change(work, announce, row, {
        ...{ ...received, ...creditedNow(work, step.withdrawableDays), state: "credited" },
        fee_minor: step.fee.toString(),
        checks: JSON.stringify(step.checks),
      });
      return record(work, "credit", row, { state: "credited", ...money });
    case "take-back":
      return takeBack(work, announce, row, ledger);
    case "take-part":
      return takePart(work, announce, row, ledger, step.amount);
    case "give-back":
      return giveBack(work, announce, row, ledger, step);
  }
}

const keepAsking = async ({ db }: Work, { id, polls }: DepositRow): Promise<void> => {
  await db("deposits")
    .where({ id })
    .update({ next_poll_at: nextPoll(db, polls) });
};
