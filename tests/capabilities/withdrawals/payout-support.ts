import { randomUUID } from "node:crypto";
import { importStatement } from "../../../server/capabilities/deposits/index.ts";
import { openAvailable } from "../../../server/capabilities/trading/index.ts";
import {
  cancelPayouts,
  gatherPayouts,
  releasePayouts,
  settlePayoutLines,
} from "../../../server/capabilities/withdrawals/index.ts";
import { type Actor, transactor, type Work } from "../../../server/platform/db/unit-of-work.ts";
import { readCamt053 } from "../../../server/platform/payments/camt053.ts";
import { writePain001 } from "../../../server/platform/payments/pain001.ts";
import { type BankFile, camt053 } from "../../support/bank-files.ts";
import { person, type TestCashier } from "./support.ts";

export const houseIban = "DE02120300000000202051";

/** A bank account of the house that pays, over a cashier; its people by name. */
export async function testPayouts(cashier: TestCashier, iban = houseIban) {
  const { db, tenantId, ports } = cashier.house;
  const [ann, ben] = [person("Ann"), person("Ben")];
  const bankAccountId = randomUUID();
  await db.app("bank_accounts").insert({
    ...{ id: bankAccountId, tenant_id: tenantId, holder: "Häuser & Söhne", iban, bic: "BYLADEM1001" },
    currency: "USD",
  });
  const transact = transactor(db.app);
  const deps = {
    announce: () => {},
    availableOf: openAvailable({ latestTradable: ports.market.latestTradable }),
    writeOrder: writePain001,
  };
  const as = <T>(actor: Actor, run: (work: Work) => Promise<T>): Promise<T> => transact(actor, run);
  const gather = (actor = ann) => as(actor, (work) => gatherPayouts(work, actor, { bankAccountId }));
  const release = (id: string, actor = ben) => as(actor, (work) => releasePayouts(work, deps, actor, id));
  const settle = settlePayoutLines({ transact, announce: () => {} }, (error) => {
    throw error;
  });
  return {
    ...{ ann, ben, bankAccountId, gather, release, settle, transact },
    cancel: (id: string, actor = ann) => as(actor, (work) => cancelPayouts(work, actor, id)),
    gathered: async (): Promise<string> => {
      const made = await gather();
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value.id;
    },
    /** Of the batch, in the order of its file. */
    payoutsOf: (id: string) => db.app("bank_payouts").where({ batch_id: id }).orderBy("place"),
    batch: (id: string) => db.app("payout_batches").where({ id }).first(),
    /** Takes a statement of the account that begins where the last one ended and adds up; then lets it take its effect. */
    take: async (
      lines: readonly (Partial<BankFile["lines"][number]> & { readonly amount: string })[],
      { settles = true } = {},
    ) => {
      const opening = await lastClosing();
      const minor = (text: string): bigint => BigInt(text.replace(".", ""));
      const after = lines.reduce((sum, { amount }) => sum + minor(amount), opening);
      const text = camt053({
        ...{ iban, currency: "USD", opening: major(opening), closing: major(after) },
        lines: lines.map((line) => ({
          ...{ bookedOn: "2026-11-20", bankReference: randomUUID().slice(0, 8), partyName: "A Payee", text: "x" },
          ...line,
        })),
      });
      const raw = readCamt053(text);
      if (raw === null) throw new Error("unreadable");
      const file = { bankAccountId, format: "camt053", bytes: Buffer.from(text), raw, isDryRun: false } as const;
      const taken = await as(ann, (work) => importStatement(work, () => {}, ann, file));
      if (!taken.ok) throw new Error(taken.refusal);
      if (settles) await settle();
      const rows = await db.app("statement_lines").where({ statement_id: taken.value.statementId }).orderBy("id");
      return { report: taken.value, rows, again: () => as(ann, (work) => importStatement(work, () => {}, ann, file)) };
    },
  };

  async function lastClosing(): Promise<bigint> {
    const last = await db
      .app("bank_statements")
      .where({ bank_account_id: bankAccountId })
      .orderBy("place", "desc")
      .first();
    return last?.closing_minor ?? 100_000_000n;
  }
}

const major = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}`;

export type TestPayouts = Awaited<ReturnType<typeof testPayouts>>;
