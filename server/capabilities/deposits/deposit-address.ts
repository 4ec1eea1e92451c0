import type { TraderIdentity } from "#contracts/identity.ts";
import type { ChainChannel } from "#contracts/payment-names.ts";
import { confirmationsOf } from "#core/chain-rules.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { type AccountRow, lockAccounts } from "../trading/index.ts";
import { findWatch, type TransferRow } from "./chain.store.ts";
import { type ChainDeps, type DepositChain, findChain } from "./chain-ports.ts";
import { actorOf } from "./request-deposit.ts";
import { depositContext } from "./rules.store.ts";

/** Where an account's own address is, and what was seen there that does not count yet. */
export interface DepositAddress {
  readonly chain: DepositChain;
  readonly address: string;
  readonly currencyScale: number;
  readonly min: MinorUnits;
  readonly pending: readonly {
    readonly txid: string;
    readonly amount: MinorUnits;
    readonly confirmations: bigint;
    readonly seenAt: Date;
  }[];
}

export type AddressRefusal = "UNKNOWN_ACCOUNT" | "DEMO_ACCOUNT" | "CHANNEL_CLOSED" | "OTHER_CURRENCY";

/** As many as a screen shows; further ones are shown when they count. */
const pendingMax = 20;

/**
 * The address of a trader's account on a chain, made when it is first asked for: the next one of the public key, which nobody else ever has.
 * Refused as long as the chain was never looked at, as what came before the first look would not be found.
 */
export const depositAddress =
  (deps: ChainDeps) =>
  (
    trader: TraderIdentity,
    { accountId, channel }: { readonly accountId: string; readonly channel: ChainChannel },
  ): Promise<Result<DepositAddress, AddressRefusal>> =>
    deps.transact(actorOf(trader), async (work) => {
      const account = (await lockAccounts(work.db, [accountId])).get(accountId);
      if (account?.trader_id !== trader.traderId) return refuse("UNKNOWN_ACCOUNT");
      if (account.book !== "live") return refuse("DEMO_ACCOUNT");
      const chain = findChain(deps, { channel, tenantId: account.tenant_id });
      if (chain === undefined) return refuse("CHANNEL_CLOSED");
      if (account.currency !== chain.currency) return refuse("OTHER_CURRENCY");
      const context = await depositContext(work.db, account, channel);
      const watch = await findWatch(work.db, chain);
      if (context?.rules.enabled !== true || watch === undefined) return refuse("CHANNEL_CLOSED");
      const address = await addressOf(work, chain, account);
      const pending = await pendingAt(work, chain, address);
      return ok({
        ...{ chain, address, currencyScale: account.currency_scale, min: context.rules.min },
        pending: pending.map((row) => ({
          ...{ txid: row.txid, amount: minorUnits(row.amount_minor), seenAt: row.seen_at },
          confirmations: confirmationsOf(row.block_number, { number: watch.head_number }),
        })),
      });
    });

/** The caller has locked the account. */
async function addressOf({ db, audit }: Work, chain: DepositChain, account: AccountRow): Promise<string> {
  const { channel, reader } = chain;
  const key = { channel, key_name: reader.keyName };
  const found = await db("chain_addresses")
    .where({ account_id: account.id, ...key })
    .first("address");
  if (found !== undefined) return found.address;
  const { rows } = await db.raw<{ rows: { index: number }[] }>(
    `INSERT INTO chain_keys (channel, key_name, next_index) VALUES (?, ?, 1)
     ON CONFLICT (channel, key_name) DO UPDATE SET next_index = chain_keys.next_index + 1 RETURNING next_index - 1 AS index`,
    [channel, reader.keyName],
  );
  const index = rows[0]?.index;
  if (index === undefined) throw new Error(`key ${reader.keyName} of ${channel} gave no number`);
  const address = reader.addressAt(index);
  const { tenant_id, id: account_id } = account;
  await db("chain_addresses").insert({ ...key, address, tenant_id, account_id, address_index: index });
  audit({
    ...{ action: "give-address", resource: "accounts", objectId: account_id, tenantId: tenant_id },
    after: { channel, network: reader.network, address },
  });
  return address;
}

const pendingAt = ({ db }: Work, { channel, tenantId }: DepositChain, address: string): Promise<TransferRow[]> =>
  db("chain_transfers")
    .where({ tenant_id: tenantId, channel, to_address: address, state: "seen" })
    .whereNull("missing_at")
    .orderBy("seen_at", "desc")
    .limit(pendingMax)
    .select<TransferRow[]>("*");
