import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import { readIban } from "#core/iban.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { newId } from "../../platform/ids.ts";
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
  /** Bank: an IBAN, spaces allowed. */
  readonly address: string;
}

export type TargetRefusal = "ADDRESS_INVALID" | "NAME_REQUIRED" | "TARGET_EXISTS" | "TOO_MANY_TARGETS";

/** A trader's own places to be paid to; more would be a way around the limits. */
const targetsMax = 10;
const nameCharsMax = 70;

/** Adds a place to be paid out to. Withdrawals to it wait for the cooling time from now on; removed and added again, anew. */
export const addTarget =
  ({ transact }: Pick<WithdrawalDeps, "transact">) =>
  (trader: TraderIdentity, wanted: NewTarget): Promise<Result<TargetRow, TargetRefusal>> =>
    transact(actorOf(trader), async (work) => {
      const address = readIban(wanted.address);
      const name = wanted.name.trim();
      if (address === null) return refuse("ADDRESS_INVALID");
      if (name === "" || name.length > nameCharsMax) return refuse("NAME_REQUIRED");
      const { db } = work;
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
