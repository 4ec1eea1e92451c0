import type { TraderIdentity } from "#contracts/identity.ts";
import type { WithdrawalRefusalCode } from "#contracts/names.ts";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits, parseDecimal } from "#core/units.ts";
import { type AcceptedWithdrawal, decideWithdrawal, type WithdrawalCheck } from "#core/withdrawal.ts";
import type { Actor, Transact, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { openHolds } from "../ledger/index.ts";
import { type AccountRow, type AvailableOf, lockAccounts } from "../trading/index.ts";
import type { PayoutChains } from "./payout-ports.ts";
import { freshTotal, loadAges, loadBefore, loadDebts, loadElsewhere, loadFresh, loadRules } from "./rules.store.ts";
import { contentHash, type WithdrawalRow } from "./withdrawals.store.ts";

export interface WithdrawalDeps extends PayoutChains {
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  readonly availableOf: AvailableOf;
}

export interface WantedWithdrawal {
  /** The client's own: the same request twice is one withdrawal. */
  readonly requestId: string;
  readonly accountId: string;
  readonly targetId: string;
  /** Decimal in major units, fee included. */
  readonly amount: string;
}

export interface RefusedWithdrawal {
  readonly code: WithdrawalRefusalCode | "REQUEST_ID_REUSED" | "AMOUNT_INVALID";
  readonly checks: readonly WithdrawalCheck[];
}

interface Target {
  id: string;
  trader_id: string;
  channel: PayoutChannel;
  name: string;
  address: string;
}

/**
 * Takes a trader's request to be paid out: one transaction under the account's lock checks it, holds the money and says who must
 * approve it. The same request again gives the same withdrawal. A refusal writes nothing.
 */
export const requestWithdrawal =
  ({ transact, announce, availableOf }: WithdrawalDeps) =>
  (trader: TraderIdentity, wanted: WantedWithdrawal): Promise<Result<WithdrawalRow, RefusedWithdrawal>> =>
    transact(actorOf(trader), async (work) => {
      const account = (await lockAccounts(work.db, [wanted.accountId])).get(wanted.accountId);
      if (account?.trader_id !== trader.traderId) return refused("UNKNOWN_ACCOUNT");
      const amount = parseDecimal(wanted.amount, account.currency_scale);
      if (amount === null || amount <= 0n) return refused("AMOUNT_INVALID");
      const earlier = await work
        .db<WithdrawalRow>("withdrawals")
        .where({ account_id: account.id, request_id: wanted.requestId })
        .first();
      if (earlier !== undefined) {
        const isSame = earlier.amount_minor === amount && earlier.target_id === wanted.targetId;
        return isSame ? ok(earlier) : refused("REQUEST_ID_REUSED");
      }
      const target = await findTarget(work, trader.traderId, wanted.targetId);
      if (target === undefined) return refused("UNKNOWN_TARGET");
      const decided = await decide(work, availableOf, account, target, minorUnits(amount));
      if (!decided.ok) return decided;
      const row = await save(work, account, target, wanted.requestId, minorUnits(amount), decided.value);
      work.afterCommit(() => {
        announce({ kind: "settled", accountId: account.id, orderIds: [] });
        announce({ kind: "changed", resource: "withdrawals", id: row.id });
      });
      return ok(row);
    });

const refused = (code: RefusedWithdrawal["code"], checks: readonly WithdrawalCheck[] = []) => refuse({ code, checks });

export const actorOf = (trader: TraderIdentity): Actor => ({
  kind: "trader",
  id: trader.traderId,
  name: trader.name,
  role: null,
  tenantId: trader.tenantId,
  ip: null,
  traceId: null,
});

const findTarget = (work: Work, traderId: string, id: string): Promise<Target | undefined> =>
  work.db<Target>("payout_targets").where({ id, trader_id: traderId }).whereNull("removed_at").first();

async function decide(
  work: Work,
  availableOf: AvailableOf,
  account: AccountRow,
  target: Target,
  amount: ReturnType<typeof minorUnits>,
): Promise<Result<AcceptedWithdrawal, RefusedWithdrawal>> {
  const { db } = work;
  const { tenant_id: tenantId, trader_id: traderId, currency } = account;
  const rules = await loadRules(db, { tenantId, traderId, channel: target.channel, currency });
  if (rules === null) return refused("CHANNEL_CLOSED");
  const before = await loadBefore(db, account.id);
  const ages = await loadAges(db, { targetId: target.id, traderId });
  const money = await availableOf(db, account);
  const fresh = freshTotal(await loadFresh(db, account.id));
  const elsewhere = await loadElsewhere(db, { accountId: account.id, channel: target.channel });
  const debts = await loadDebts(db, traderId);
  const trader = await db("traders").where({ id: traderId }).first("name");
  const { book, state, currency_scale: currencyScale } = account;
  const payee = { name: target.name, trader: String(trader.name) };
  const standing = { account: { book, state, currencyScale }, ...money, fresh, elsewhere, debts };
  return decideWithdrawal(amount, { ...standing, rules, before, payee, ...ages });
}

async function save(
  work: Work,
  account: AccountRow,
  target: Target,
  requestId: string,
  amount: ReturnType<typeof minorUnits>,
  { fee, reviewsNeeded, waitMs, checks }: AcceptedWithdrawal,
): Promise<WithdrawalRow> {
  const { db } = work;
  const content = {
    account_id: account.id,
    amount_minor: amount,
    fee_minor: fee,
    currency: account.currency,
    channel: target.channel,
    target_id: target.id,
    target_name: target.name,
    target_address: target.address,
  };
  const id = newId();
  await openHolds(db, [{ ledgerAccountId: account.ledger_account_id, kind: "withdrawal", refId: id, amount }]);
  const [row] = await db("withdrawals")
    .insert({
      ...{ id, tenant_id: account.tenant_id, trader_id: account.trader_id, request_id: requestId },
      ...{ ...content, amount_minor: amount.toString(), fee_minor: fee.toString() },
      currency_scale: account.currency_scale,
      checks: JSON.stringify(checks),
      content_hash: contentHash(content),
      reviews_needed: reviewsNeeded,
      not_before: db.raw("clock_timestamp() + make_interval(secs => ?)", [waitMs / 1_000]),
      state: reviewsNeeded === 0 ? "approved" : "in-review",
    })
    .returning<WithdrawalRow[]>("*");
  if (row === undefined) throw new Error(`withdrawal ${id} was not written`);
  work.audit({
    action: "request",
    resource: "withdrawals",
    objectId: id,
    tenantId: account.tenant_id,
    after: {
      state: row.state,
      amount: formatDecimal(amount, account.currency_scale),
      fee: formatDecimal(fee, account.currency_scale),
      currency: account.currency,
      channel: target.channel,
      contentHash: row.content_hash.toString("hex"),
    },
  });
  return row;
}
