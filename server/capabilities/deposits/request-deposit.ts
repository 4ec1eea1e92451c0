import { randomBytes } from "node:crypto";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { AskedChannel, DepositRefusalCode } from "#contracts/payment-names.ts";
import { type DepositCheck, decideDepositRequest } from "#core/deposit.ts";
import type { DepositChannel } from "#core/deposit-channel.ts";
import { paymentReference } from "#core/payment-reference.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits, parseDecimal } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type AccountRow, lockAccounts } from "../trading/index.ts";
import { change } from "./change.ts";
import { type DepositRow, lockDeposit, nextPoll } from "./deposits.store.ts";
import { type DepositDeps, findChannel } from "./ports.ts";
import { depositContext } from "./rules.store.ts";

export interface WantedDeposit {
  /** The client's own: the same request twice is one deposit. */
  readonly requestId: string;
  readonly accountId: string;
  readonly channel: AskedChannel;
  /** Decimal in major units of the account's currency, fee included. */
  readonly amount: string;
}

export interface RefusedDeposit {
  readonly code: DepositRefusalCode | "REQUEST_ID_REUSED" | "AMOUNT_INVALID";
  readonly checks: readonly DepositCheck[];
}

/** For so long a trader may take to pay; money that comes later is taken all the same. */
const payHours: Readonly<Record<AskedChannel, number>> = { gateway: 24, stripe: 24, bank: 14 * 24 };

const refused = (code: RefusedDeposit["code"], checks: readonly DepositCheck[] = []) => refuse({ code, checks });

/**
 * Tells a trader where and with which reference to pay. The deposit is written first; only then its channel hears of it, once: the same
 * request again gives the same deposit and asks nobody. A channel that does not answer leaves `unknown`.
 */
export const requestDeposit =
  (deps: DepositDeps) =>
  async (trader: TraderIdentity, wanted: WantedDeposit): Promise<Result<DepositRow, RefusedDeposit>> => {
    const actor = actorOf(trader);
    const written = await deps.transact(actor, (work) => write(work, deps, trader, wanted));
    if (!written.ok || !written.value.isNew) return written.ok ? ok(written.value.row) : written;
    const { row, channel } = written.value;
    const begun = await channel.begin({
      ...{ reference: row.reference ?? "", amount: formatDecimal(row.asked_minor ?? 0n, row.currency_scale) },
      ...{ currency: row.currency, nowMs: deps.clock.now().getTime() },
    });
    return deps.transact(actor, async (work) => {
      const now = (await lockDeposit(work.db, row.id)) ?? row;
      const told = begun === null ? (now.state === "waiting" ? { state: "unknown" } : {}) : { pay_url: begun.payUrl };
      if (Object.keys(told).length > 0) await change(work, deps.announce, now, told);
      return ok((await lockDeposit(work.db, row.id)) ?? now);
    });
  };

type Written =
  | { readonly isNew: true; readonly row: DepositRow; readonly channel: DepositChannel }
  | { readonly isNew: false; readonly row: DepositRow };

async function write(
  work: Work,
  deps: DepositDeps,
  trader: TraderIdentity,
  wanted: WantedDeposit,
): Promise<Result<Written, RefusedDeposit>> {
  const account = (await lockAccounts(work.db, [wanted.accountId])).get(wanted.accountId);
  if (account?.trader_id !== trader.traderId) return refused("UNKNOWN_ACCOUNT");
  const amount = parseDecimal(wanted.amount, account.currency_scale);
  if (amount === null || amount <= 0n) return refused("AMOUNT_INVALID");
  const earlier = await work
    .db<DepositRow>("deposits")
    .where({ account_id: account.id, request_id: wanted.requestId })
    .first();
  if (earlier !== undefined) {
    const isSame = earlier.asked_minor === amount && earlier.channel === wanted.channel;
    return isSame ? ok({ isNew: false, row: earlier }) : refused("REQUEST_ID_REUSED");
  }
  const channel = findChannel(deps, { channel: wanted.channel, tenantId: account.tenant_id });
  const context = await depositContext(work.db, account, wanted.channel);
  if (channel === undefined || context === null) return refused("CHANNEL_CLOSED");
  if (channel.takes?.(wanted.amount, account.currency) === false) return refused("AMOUNT_INVALID");
  const decided = decideDepositRequest(minorUnits(amount), context);
  if (!decided.ok) return decided;
  const row = await insert(work, { account, channel, amount, wanted });
  work.afterCommit(() => deps.announce({ kind: "changed", resource: "deposits", id: row.id }));
  return ok({ isNew: true, row, channel });
}

async function insert(
  { db, audit }: Work,
  of: {
    readonly account: AccountRow;
    readonly channel: DepositChannel;
    readonly amount: bigint;
    readonly wanted: WantedDeposit;
  },
): Promise<DepositRow> {
  const { account, channel, amount, wanted } = of;
  const id = newId();
  const expires = db.raw("clock_timestamp() + make_interval(hours => ?)", [payHours[wanted.channel]]);
  const [row] = await db("deposits")
    .insert({
      ...{ id, tenant_id: account.tenant_id, trader_id: account.trader_id, account_id: account.id },
      ...{ request_id: wanted.requestId, channel: channel.channel, reference: paymentReference(randomBytes(7)) },
      ...{ asked_minor: amount.toString(), currency: account.currency, currency_scale: account.currency_scale },
      ...{ state: "waiting", expires_at: expires },
      // What can't be asked about is only looked at again when its time is over.
      next_poll_at: channel.ask === null ? expires : nextPoll(db, 0),
    })
    .returning<DepositRow[]>("*");
  if (row === undefined) throw new Error(`deposit ${id} was not written`);
  const asked = formatDecimal(amount, account.currency_scale);
  audit({
    ...{ action: "request", resource: "deposits", objectId: id, tenantId: account.tenant_id },
    after: { asked, currency: account.currency, channel: channel.channel, reference: row.reference },
  });
  return row;
}

export const actorOf = (trader: TraderIdentity): Actor => ({
  ...{ kind: "trader", id: trader.traderId, name: trader.name, tenantId: trader.tenantId },
  ...{ role: null, ip: null, traceId: null },
});
