import { randomUUID } from "node:crypto";
import { expect } from "@jest/globals";
import { isUnavailable } from "../../server/platform/db/unavailable.ts";
import { gatewayStories } from "./gateway-stories.ts";
import { ann, ben, cem, type Month, type Person } from "./house.ts";

const fee = 250n;
const typed = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}`;

/** How a withdrawal to a bank ends. */
export type BankEnding = "confirmed" | "returned" | "rejected" | "cancelled";

/** Asked for, approved by as many different people as it takes, and ended so. */
export async function payByBank(month: Month, person: Person, amount: bigint, ending: BankEnding): Promise<void> {
  const { cashier, facts, bank } = month;
  const { id } = await cashier.asked(person.account, person.target ?? "", typed(amount));
  facts.withdrawals.set(id, ending);
  if (ending === "cancelled") return must(await cashier.cancel(person.account, id));
  await approveAll(month, id);
  if (ending === "rejected") return must(await cashier.reject(id, cem));
  must(await cashier.send(id, cem));
  facts.move(person.account, -amount);
  if (ending === "returned") {
    must(await cashier.giveBack(id));
    return facts.move(person.account, amount);
  }
  must(await cashier.confirm(id));
  bank.coming.push({ amount: -(amount - fee), bankReference: `OUT${facts.withdrawals.size}`, text: "payout" });
  facts.beyond.bank -= amount - fee;
}

/** Nobody approves twice: each try of the same person is refused. */
async function approveAll({ cashier }: Month, id: string): Promise<void> {
  for (const reviewer of [ann, ben]) {
    if ((await cashier.stateOf(id)) !== "in-review") return;
    must(await cashier.approve(id, reviewer));
    if ((await cashier.stateOf(id)) === "in-review")
      expect(await cashier.approve(id, reviewer)).toMatchObject({ ok: false, refusal: "SAME_REVIEWER" });
  }
  expect(await cashier.stateOf(id)).toBe("approved");
}

/** 320 requests at once against money for 33; of those taken some are paid, the others cancelled. */
export async function flood(month: Month): Promise<void> {
  const { cashier, facts, bank } = month;
  const person = await month.join("USD");
  await gatewayStories.plain(month, person, "660.50");
  const answers = await Promise.all(
    Array.from({ length: 320 }, () => {
      const requestId = randomUUID();
      return insisting(() => cashier.ask(person.account, person.target ?? "", "20.00", { requestId }));
    }),
  );
  const taken = answers.flatMap((one) => (one.ok ? [one.value.id] : []));
  expect(taken).toHaveLength(33);
  for (const [number, id] of taken.entries()) {
    facts.withdrawals.set(id, number < 5 ? "confirmed" : "cancelled");
    if (number >= 5) {
      must(await cashier.cancel(person.account, id));
      continue;
    }
    await approveAll(month, id);
    must(await cashier.send(id, cem));
    must(await cashier.confirm(id));
    facts.move(person.account, -2_000n);
    bank.coming.push({ amount: -(2_000n - fee), bankReference: `OUT${facts.withdrawals.size}`, text: "payout" });
    facts.beyond.bank -= 2_000n - fee;
  }
}

/** What a client does who is told that the house is busy: the same request again. */
async function insisting<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;)
    try {
      return await ask();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
}

function must(answer: { readonly ok: boolean; readonly refusal?: unknown }): void {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
}
