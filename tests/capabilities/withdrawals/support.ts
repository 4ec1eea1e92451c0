import { randomUUID } from "node:crypto";
import { openAvailable } from "../../../server/capabilities/trading/index.ts";
import {
  addTarget,
  approveWithdrawal,
  cancelWithdrawal,
  confirmWithdrawal,
  rejectWithdrawal,
  removeTarget,
  requestWithdrawal,
  returnWithdrawal,
  sendWithdrawal,
  type WantedWithdrawal,
  type WithdrawalRow,
} from "../../../server/capabilities/withdrawals/index.ts";
import { type Actor, systemActor, transactor, type Work } from "../../../server/platform/db/unit-of-work.ts";
import { anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

export const person = (name: string): Actor => ({
  ...systemActor,
  kind: "staff",
  id: randomUUID(),
  name,
  role: "finance",
});

export const iban = "DE89370400440532013000";

/** The cashier over a database of its own, or that of a desk: a bank channel for dollars, and commands as their people give them. */
export async function testCashier(of?: TestDesk) {
  const house: TestDesk = of ?? (await testDesk());
  const ann = person("Ann");
  await house.db.app("payment_channels").insert({
    ...{ channel: "bank", currency: "USD", min_minor: 2_000, max_minor: 1_000_000, fee_fixed_minor: 250 },
    ...{ auto_up_to_minor: 10_000, four_eyes_above_minor: 50_000, cooling_hours: 24, day_count: 50 },
  });
  const deps = {
    transact: transactor(house.db.app),
    announce: () => {},
    availableOf: openAvailable({ latestTradable: house.ports.market.latestTradable }),
    chains: [],
  };
  const as = <T>(actor: Actor, run: (work: Work) => Promise<T>): Promise<T> => deps.transact(actor, run);
  /** Makes a target as old as that; what nobody but the owner of the database can. */
  const age = (id: string, hours: number) =>
    house.db.owner.raw(
      `ALTER TABLE payout_targets DISABLE TRIGGER payout_targets_kept;
       UPDATE payout_targets SET created_at = clock_timestamp() - interval '${Number(hours)} hours' WHERE id = '${id}';
       ALTER TABLE payout_targets ENABLE ALWAYS TRIGGER payout_targets_kept`,
    );
  const newTarget = async (of: TestAccount, address = iban): Promise<string> => {
    const added = await addTarget(deps)(of.trader, { channel: "bank", name: "Some One", address });
    if (!added.ok) throw new Error(added.refusal);
    return added.value.id;
  };
  const ask = (of: TestAccount, targetId: string, amount: string, more: Partial<WantedWithdrawal> = {}) =>
    requestWithdrawal(deps)(of.trader, {
      ...{ requestId: randomUUID(), accountId: of.accountId, targetId, amount },
      ...more,
    });
  return {
    house,
    ask,
    newTarget,
    /** One whose cooling time is over. */
    oldTarget: async (of: TestAccount, address = iban): Promise<string> => {
      const id = await newTarget(of, address);
      await age(id, 48);
      return id;
    },
    tryAdding: (of: TestAccount, address: string) =>
      addTarget(deps)(of.trader, { channel: "bank", name: "Some One", address }),
    remove: (of: TestAccount, id: string) => removeTarget(deps)(of.trader, id),
    asked: async (...given: Parameters<typeof ask>): Promise<WithdrawalRow> => {
      const answer = await ask(...given);
      if (!answer.ok) throw new Error(answer.refusal.code);
      return answer.value;
    },
    approve: (id: string, actor: Actor) => as(actor, (work) => approveWithdrawal(work, () => {}, actor, id)),
    reject: (id: string, actor = ann) =>
      as(actor, (work) => rejectWithdrawal(work, () => {}, actor, { id, note: "the name differs" })),
    cancel: (of: TestAccount, id: string) => cancelWithdrawal(deps)(of.trader, id),
    send: (id: string, actor = ann, reference = "B-2026-1") =>
      as(actor, (work) => sendWithdrawal(work, deps, actor, { id, reference })),
    confirm: (id: string) => as(ann, (work) => confirmWithdrawal(work, deps, ann, id)),
    giveBack: (id: string) => as(ann, (work) => returnWithdrawal(work, deps, ann, { id, note: "account closed" })),
    balance: async (of: TestAccount): Promise<{ posted: bigint; held: bigint }> => {
      const { rows } = await house.db.owner.raw(
        "SELECT b.posted, b.held FROM balances b JOIN accounts a USING (ledger_account_id) WHERE a.id = ?",
        [of.accountId],
      );
      return rows[0];
    },
    ofHouse: async (kind: string): Promise<bigint> => {
      const { rows } = await house.db.owner.raw(
        "SELECT coalesce(sum(b.posted), 0)::bigint AS total FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id WHERE l.kind = ?",
        [kind],
      );
      return rows[0].total;
    },
    stateOf: async (id: string): Promise<string> => (await house.db.app("withdrawals").where({ id }).first()).state,
    buyOne: async (of: TestAccount): Promise<void> => {
      const placed = await house.desk.place(of.trader, anOrderRequest(of, { lots: "1" }));
      if (!("order" in placed)) throw new Error(placed.code);
      await house.settler()([placed.order.id]);
    },
  };
}

export type TestCashier = Awaited<ReturnType<typeof testCashier>>;

/** Minor units as the decimal a trader types. */
export const typed = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}`;
