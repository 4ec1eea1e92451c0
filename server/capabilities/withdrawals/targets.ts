import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import { readIban } from "#core/iban.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { newId } from "../../platform/ids.ts";
import { findPayoutChain, type PayoutChains } from "./payout-ports.ts";
import { actorOf, type WithdrawalDeps } from "./request-withdrawal.ts";

export interface TargetRow {
  id: string;
  channel: PayoutChannel;
  name: string;
  address: string;
  created_at: Date;
}

export interface NewTarget {
  readonly channel: PayoutChannel;
  /** Whose account it is. */
  readonly name: string;
  /** Bank: an IBAN, spaces allowed. Chain: an address there, with its checksum. */
  readonly address: string;
}

export type TargetRefusal =
  | "ADDRESS_INVALID"
  | "OWN_ADDRESS"
  | "CHANNEL_CLOSED"
  | "NAME_REQUIRED"
  | "TARGET_EXISTS"
  | "TOO_MANY_TARGETS";

/** A trader's own places to be paid to; more would be a way around the limits. */
const targetsMax = 10;
const nameCharsMax = 70;

/** Adds a place to be paid out to. Withdrawals to it wait for the cooling time from now on; removed and added again, anew. */
export const addTarget =
  ({ transact, chains }: Pick<WithdrawalDeps, "transact" | "chains">) =>
  (trader: TraderIdentity, wanted: NewTarget): Promise<Result<TargetRow, TargetRefusal>> =>
    transact(actorOf(trader), async (work) => {
      const { db } = work;
      const name = wanted.name.trim();
      const read = await readAddress(db, { chains }, trader, wanted);
      if (!read.ok) return read;
      const address = read.value;
      if (name === "" || name.length > nameCharsMax) return refuse("NAME_REQUIRED");
      // One addition at a time a trader: two at once would each see the other's place free.
      await db("traders").where({ id: trader.traderId }).forUpdate().first("id");
      const own = await targetsOf(db, trader.traderId);
      if (own.some((one) => one.channel === wanted.channel && one.address === address)) return refuse("TARGET_EXISTS");
      if (own.length >= targetsMax) return refuse("TOO_MANY_TARGETS");
      const id = newId();
      const [row] = await db("payout_targets")
        .insert({ id, tenant_id: trader.tenantId, trader_id: trader.traderId, channel: wanted.channel, name, address })
        .returning<TargetRow[]>(["id", "channel", "name", "address", "created_at"]);
      if (row === undefined) throw new Error(`payout target ${id} was not written`);
      work.audit({
        action: "add-target",
        resource: "traders",
        objectId: trader.traderId,
        after: { targetId: id, channel: wanted.channel, ending: address.slice(-4) },
      });
      return ok(row);
    });

/** In the one form that is kept; never an address of the house's own, where the money would come back as a deposit. */
async function readAddress(
  db: Knex,
  chains: PayoutChains,
  { tenantId }: TraderIdentity,
  { channel, address }: NewTarget,
): Promise<Result<string, TargetRefusal>> {
  if (channel === "bank") {
    const iban = readIban(address);
    return iban === null ? refuse("ADDRESS_INVALID") : ok(iban);
  }
  const chain = findPayoutChain(chains, { channel, tenantId });
  if (chain === undefined) return refuse("CHANNEL_CLOSED");
  const normal = chain.reader.normalAddress(address.trim());
  if (!normal.ok) return normal;
  const own = await db("chain_addresses").where({ channel, address: normal.value }).first("address");
  return own === undefined && normal.value !== chain.hotWallet ? normal : refuse("OWN_ADDRESS");
}

/** Takes a place away; withdrawals to it that are under way go on. Null when the trader has none with this id. */
export const removeTarget =
  ({ transact }: Pick<WithdrawalDeps, "transact">) =>
  (trader: TraderIdentity, id: string): Promise<null | "removed"> =>
    transact(actorOf(trader), async (work) => {
      const removed = await work
        .db("payout_targets")
        .where({ id, trader_id: trader.traderId })
        .whereNull("removed_at")
        .update({ removed_at: work.db.raw("clock_timestamp()") });
      if (removed === 0) return null;
      work.audit({ action: "remove-target", resource: "traders", objectId: trader.traderId, before: { targetId: id } });
      return "removed";
    });

/** A trader's places, oldest first. */
export const targetsOf = (db: Knex, traderId: string): Promise<TargetRow[]> =>
  db("payout_targets")
    .where({ trader_id: traderId })
    .whereNull("removed_at")
    .orderBy("created_at")
    .select<TargetRow[]>("id", "channel", "name", "address", "created_at");
