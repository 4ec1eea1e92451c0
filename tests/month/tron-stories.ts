import { expect } from "@jest/globals";
import { newTronAddress } from "../support/chain/tron-desk.ts";
import { ann, ben, type Month, type Person } from "./house.ts";

/** Least that is credited, in millionths. */
const leastDeposit = 1_000_000n;
type Story = (month: Month, person: Person, amount: bigint) => Promise<void>;

const addressOf = async ({ tron }: Month, { account }: Person): Promise<string> =>
  (await tron.addressOf(account)).address;

const factOf = (paymentNo: string, amount: bigint, state = "credited") =>
  ({ channel: "usdt-trc20", paymentNo, amount, state }) as const;

const plain: Story = async (month, person, amount) => {
  const { tron, facts } = month;
  const txid = await tron.tron.send(await addressOf(month, person), amount);
  tron.mine(1, 1);
  await tron.look();
  tron.mine();
  await Promise.all([tron.look(), tron.look()]);
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
};

/** Two in one transaction, of which one is dust, and another token beside. */
const twoInOne: Story = async (month, person, amount) => {
  const { tron, facts } = month;
  const address = await addressOf(month, person);
  const txid = await tron.tron.sendTwo([address, address], [amount, leastDeposit - 1n]);
  await tron.tron.send(address, amount, tron.tron.deploy());
  tron.mine();
  await tron.look();
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
  facts.came(factOf(`${txid}:1`, leastDeposit - 1n, "in-review"), null);
};

/** Seen, taken back by the chain before its block was solid, and in another block again. */
const goneAndBack: Story = async (month, person, amount) => {
  const { tron, facts } = month;
  const before = await tron.balance(person.account);
  const transaction = await tron.tron.transferOf(await addressOf(month, person), amount);
  const takeBack = tron.tron.ledger.fork();
  tron.tron.give(transaction);
  tron.tron.mine(3);
  await tron.look();
  takeBack();
  tron.tron.mine();
  await tron.look();
  expect(await tron.balance(person.account)).toBe(before);
  tron.tron.give(transaction);
  tron.mine();
  await tron.look();
  facts.came(factOf(`${transaction.txID}:0`, amount), person.account, amount);
};

/** The node is down while the money comes. */
const downMeanwhile: Story = async (month, person, amount) => {
  const { tron, facts } = month;
  const txid = await tron.tron.send(await addressOf(month, person), amount);
  tron.mine();
  for (const is of ["hangs-up", "says-500", "says-429"] as const) {
    tron.tron.behaviour.is = is;
    expect(await tron.look()).toBe("NO_ANSWER");
  }
  tron.tron.behaviour.is = "up";
  await tron.look();
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
};

export const tronStories = { plain, twoInOne, goneAndBack, downMeanwhile } satisfies Record<string, Story>;

/** Paid on TRON; `isSilent`: the node takes the transaction and answers nothing for a while. */
export async function payOnTron(month: Month, person: Person, amount: bigint, isSilent: boolean): Promise<void> {
  const { tron, facts } = month;
  const to = newTronAddress();
  const id = await tron.approved(person.account, to, (Number(amount) / 1e6).toFixed(6), [ann, ben]);
  await tron.submit();
  expect(await tron.sign()).toEqual([]);
  tron.node.isSilent = isSilent;
  await tron.follow();
  if (isSilent) expect(await tron.stateOf(id)).toEqual(["unknown", "unknown"]);
  tron.node.isSilent = false;
  await tron.follow();
  tron.mine();
  await tron.follow();
  expect(await tron.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect(tron.tron.has(to)).toBe(amount);
  await month.cashier.remove(person.account, (await tron.row(id)).target_id);
  facts.withdrawals.set(id, "confirmed");
  facts.move(person.account, -amount);
  facts.beyond["usdt-trc20"] -= amount;
}
