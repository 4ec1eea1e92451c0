import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { chainChannel } from "./chain.ts";
import { feesIn, feesOut } from "./channels.ts";
import type { Verdict } from "./invariants.ts";
import { outcomeOf } from "./journal.ts";
import type { FactChannel, OutsideFact } from "./outside.ts";
import { requestIdOf } from "./request-id.ts";
import type { World } from "./world.ts";

/** What the world outside says happened to an account, in minor units: paid in and credited, less fees, less what was paid out with its fee. */
export async function outsideMoney(world: World, db: Knex, accountId: string): Promise<bigint> {
  const { outside } = world;
  const came = outside.facts
    .filter((fact) => fact.accountId === accountId && fact.end === "credited")
    .reduce((sum, { channel, minor }) => sum + minor - feesIn[channel], 0n);
  const own = new Set<string>(await db("withdrawals").where({ account_id: accountId }).pluck("id"));
  const left = outside.bank.orders
    .filter(({ purpose, outcome }) => outcome === "paid" && own.has(purpose))
    .reduce((sum, { cents }) => sum + cents + feesOut.bank, 0n);
  const tether = world.people.traders.find((person) => person.tether?.accountId === accountId)?.tether;
  const onChain = ((await outside.chain?.paid()) ?? [])
    .filter(({ to }) => to === tether?.ownAddress)
    .reduce((sum, { amount }) => sum + amount + feesOut[chainChannel], 0n);
  return came - left - onChain;
}

/** Invariant F and what belongs to it, judged by the books of the gateway and the bank. */
export async function checkMoney(world: World, db: Knex): Promise<Verdict[]> {
  const verdicts = [await paidOnce(world, db), await creditedOnce(world, db), await asked(world, db)];
  return [...verdicts, ...(await paidOnChain(world, db)), await balanced(world, db)];
}

interface StoredWithdrawal {
  readonly id: string;
  readonly state: string;
  readonly paid: bigint;
  readonly reviews_needed: number;
  readonly reviewers: bigint;
}

async function paidOnce({ outside, office }: World, db: Knex): Promise<Verdict> {
  const { rows } = await db.raw<{ rows: StoredWithdrawal[] }>(
    `SELECT w.id, w.state, w.amount_minor - w.fee_minor AS paid, w.reviews_needed,
       (SELECT count(DISTINCT l.actor_id) FROM audit_log l WHERE l.object_id = w.id::text AND l.action = 'approve') AS reviewers
     FROM withdrawals w WHERE w.channel = 'bank'`,
  );
  const orders = groupBy(outside.bank.orders, ({ purpose }) => purpose);
  const wasSent = ["sent", "confirmed", "returned"];
  const broken = rows.flatMap(({ id, state, paid, reviews_needed: needed, reviewers }) => {
    const given = orders.get(id) ?? [];
    const isRight = state === "confirmed" ? "paid" : state === "returned" ? "refused" : null;
    const wrong: string[] = [];
    if (given.length > 1) wrong.push(`withdrawal ${id} was given to the bank ${given.length} times`);
    if ((given[0]?.outcome ?? null) !== isRight)
      wrong.push(`withdrawal ${id} is ${state}, the bank has ${given[0]?.outcome ?? "nothing"}`);
    if (given.some(({ cents }) => cents !== paid))
      wrong.push(`withdrawal ${id} of ${paid} was given as ${given[0]?.cents}`);
    if (wasSent.includes(state) && reviewers < BigInt(needed))
      wrong.push(`withdrawal ${id} is ${state} with ${reviewers} of ${needed} reviewers`);
    return wrong;
  });
  const known = new Set(rows.map(({ id }) => id));
  const strange = outside.bank.orders.filter(({ purpose }) => !known.has(purpose));
  return {
    invariant: "F",
    says: "The bank was given every withdrawal at most once, those that are confirmed and no others were paid, after as many people as needed.",
    looked: rows.length,
    broken: [
      ...broken,
      ...strange.map(({ purpose }) => `the bank paid ${purpose}, of which nothing is known`),
      ...office.faults,
    ],
  };
}

interface StoredDeposit {
  readonly id: string;
  readonly number: string | null;
  readonly channel: FactChannel;
  readonly account_id: string | null;
  readonly state: string;
  readonly received_minor: bigint;
  /** Transfers that took it out of the channel's clearing account, and those into an account of a trader. */
  readonly came: number;
  readonly credits: number;
}

async function creditedOnce({ outside }: World, db: Knex): Promise<Verdict> {
  const { rows } = await db.raw<{ rows: StoredDeposit[] }>(
    `SELECT d.id, CASE d.channel WHEN 'bank' THEN l.bank_reference ELSE d.payment_no END AS number, d.channel, d.account_id, d.state,
       d.received_minor, count(t.id) FILTER (WHERE f.kind LIKE 'clearing.%' AND t.code = 1)::int AS came,
       count(t.id) FILTER (WHERE c.kind = 'trader.cash' AND t.code = 1)::int AS credits
     FROM deposits d LEFT JOIN statement_lines l ON l.deposit_id = d.id LEFT JOIN transfers t ON t.group_id = d.id
       LEFT JOIN ledger_accounts f ON f.id = t.debit_account LEFT JOIN ledger_accounts c ON c.id = t.credit_account
     WHERE d.received_minor IS NOT NULL OR t.id IS NOT NULL GROUP BY d.id, l.bank_reference`,
  );
  const stored = groupBy(rows, ({ channel, number }) => `${channel} ${number}`);
  const factOf = new Map(outside.facts.map((fact) => [`${fact.channel} ${fact.number}`, fact]));
  const broken = outside.facts.flatMap((fact) => {
    const found = stored.get(`${fact.channel} ${fact.number}`) ?? [];
    const says = `payment ${fact.number} of ${fact.minor} at the ${fact.channel}`;
    const [one] = found;
    // What was taken back before it was credited never came.
    if (one === undefined) return fact.end === "reversed" ? [] : [`${says} is not booked`];
    if (found.length > 1) return [`${says} is ${found.length} deposits`];
    const wrong: string[] = [];
    const expected = endOf(fact, factOf, one);
    const [other] = fact.twin === null ? [] : (stored.get(`${fact.channel} ${fact.twin}`) ?? []);
    if (other?.state === one.state) wrong.push(`${says} and its twin ${fact.twin} are both ${one.state}`);
    const credits = expected.end === "credited" ? 1 : 0;
    if (one.state !== expected.end || (expected.end !== "reversed" && one.account_id !== expected.accountId))
      wrong.push(`${says} is ${one.state} for ${one.account_id}, not ${expected.end} for ${expected.accountId}`);
    if (one.received_minor !== fact.minor) wrong.push(`${says} was booked as ${one.received_minor}`);
    if (one.came !== 1 || (expected.end !== "reversed" && one.credits !== credits))
      wrong.push(`${says} came ${one.came} times and was credited ${one.credits} times`);
    return wrong;
  });
  const invented = rows.filter(({ channel, number }) => !factOf.has(`${channel} ${number}`));
  return {
    invariant: "F facts",
    says: "Every payment outside is booked once, to whom it belongs, and nothing is booked that did not happen there.",
    looked: outside.facts.length,
    broken: [
      ...broken,
      ...invented.map(({ id, channel, number }) => `deposit ${id} books ${channel} ${number}, which never happened`),
      ...outside.courier.faults,
    ],
  };
}

/** Of two payments of one order the house takes the one it heard of first: which, its own row says; the check of the other one is the mirror. */
function endOf(
  fact: OutsideFact,
  factOf: ReadonlyMap<string, OutsideFact>,
  { state }: StoredDeposit,
): Pick<OutsideFact, "end" | "accountId"> {
  const twin = fact.twin === null ? undefined : factOf.get(`${fact.channel} ${fact.twin}`);
  if (twin === undefined) return fact;
  return state === fact.end ? fact : twin;
}

/** A confirmed request exists once, a refused one not at all, an unknown one at most once. */
async function asked({ journal }: World, db: Knex): Promise<Verdict> {
  const entries = journal.entries.filter(({ kind }) => kind === "deposit" || kind === "withdrawal");
  const rows: { request_id: string }[] = [
    ...(await db("deposits").whereNotNull("request_id").select("request_id")),
    ...(await db("withdrawals").select("request_id")),
  ];
  const stored = groupBy(rows, ({ request_id: id }) => id);
  const broken = entries.flatMap((entry) => {
    const count = stored.get(requestIdOf(entry.clientId))?.length ?? 0;
    const outcome = outcomeOf(entry);
    const isRight = outcome === "ok" ? count === 1 : outcome === "refused" ? count === 0 : count <= 1;
    return isRight ? [] : [`${outcome} ${entry.clientId} (${entry.what}) is there ${count} times`];
  });
  const says =
    "A deposit or withdrawal that was confirmed exists once, one that was refused not, an unknown one at most once.";
  return { invariant: "A money", says, looked: entries.length, broken };
}

/** Judged by the chain: each payout is one transfer of what was approved to where it was approved, and there are no others. */
async function paidOnChain({ outside }: World, db: Knex): Promise<Verdict[]> {
  if (outside.chain === null) return [];
  const { rows } = await db.raw<{ rows: { id: string; state: string; key: string }[] }>(
    `SELECT id, state, target_address || ' ' || (amount_minor - fee_minor) AS key FROM withdrawals WHERE channel = ?`,
    [chainChannel],
  );
  const paid = await outside.chain.paid();
  const onChain = groupBy(paid, ({ to, amount }) => `${to} ${amount}`);
  const confirmed = groupBy(
    rows.filter(({ state }) => state === "confirmed"),
    ({ key }) => key,
  );
  const broken = [...new Set([...onChain.keys(), ...confirmed.keys()])].flatMap((key) => {
    const [there, here] = [onChain.get(key)?.length ?? 0, confirmed.get(key)?.length ?? 0];
    return there === here
      ? []
      : [`${key} was paid ${there} times on the chain, ${here} withdrawals of it are confirmed`];
  });
  const says = "On the chain each confirmed withdrawal was paid once, and nothing else was.";
  return [{ invariant: "F chain", says, looked: paid.length, broken }];
}

/** By a sum of its own: nothing here is asked of the server's rules. */
async function balanced({ outside }: World, db: Knex): Promise<Verdict> {
  const { rows: sums } = await db.raw<{ rows: { currency: string; book: string; total: bigint }[] }>(
    `SELECT a.currency, a.book, sum(b.posted)::bigint AS total FROM balances b JOIN ledger_accounts a ON a.id = b.ledger_account_id
     GROUP BY 1, 2`,
  );
  const { rows: clearing } = await db.raw<{ rows: { kind: string; posted: bigint }[] }>(
    `SELECT a.kind, sum(b.posted)::bigint AS posted FROM balances b JOIN ledger_accounts a ON a.id = b.ledger_account_id
     WHERE a.book = 'live' AND (a.kind LIKE 'clearing.%' OR a.kind IN ('suspense.unmatched', 'withdrawal.in_flight')) GROUP BY 1`,
  );
  const { rows: holds } = await db.raw<{ rows: { ref_id: string }[] }>(
    `SELECT coalesce(h.ref_id, w.id) AS ref_id FROM (SELECT * FROM holds WHERE kind = 'withdrawal' AND state = 'open') h
     FULL JOIN (SELECT * FROM withdrawals WHERE state IN ('in-review', 'approved')) w ON w.id = h.ref_id
     WHERE h.amount IS DISTINCT FROM w.amount_minor`,
  );
  const posted = new Map(clearing.map(({ kind, posted: amount }) => [kind, amount]));
  const kept = (channel: FactChannel): bigint =>
    outside.facts
      .filter((fact) => fact.channel === channel && fact.end === "credited")
      .reduce((sum, { minor }) => sum + minor, 0n);
  const paidOut = ((await outside.chain?.paid()) ?? []).reduce((sum, { amount }) => sum + amount, 0n);
  const paid = outside.bank.orders
    .filter(({ outcome }) => outcome === "paid")
    .reduce((sum, { cents }) => sum + cents, 0n);
  const must = new Map([
    ["clearing.gateway", -kept("gateway")],
    ["clearing.bank", paid - kept("bank")],
    [`clearing.${chainChannel}`, paidOut - kept(chainChannel)],
    ["suspense.unmatched", 0n],
    ["withdrawal.in_flight", 0n],
  ]);
  return {
    invariant: "C money",
    says: "Trial balance zero in each currency and book, holds are the open withdrawals, and what stands on clearing is what the channels have for the house.",
    looked: sums.length + must.size,
    broken: [
      ...sums
        .filter(({ total }) => total !== 0n)
        .map(({ currency, book, total }) => `${book} ${currency} adds up to ${total}`),
      ...holds.map(({ ref_id: id }) => `the hold of withdrawal ${id} is not its amount`),
      ...[...must]
        .filter(([kind, amount]) => (posted.get(kind) ?? 0n) !== amount)
        .map(([kind, amount]) => `${kind} has ${posted.get(kind) ?? 0n}, outside it is ${amount}`),
    ],
  };
}
