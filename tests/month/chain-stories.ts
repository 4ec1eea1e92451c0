import { expect } from "@jest/globals";
import { newAddress } from "../support/chain/payouts.ts";
import { ann, ben, type Month, type Person } from "./house.ts";

/** Least that is credited, in millionths. */
const leastDeposit = 1_000_000n;
type Story = (month: Month, person: Person, amount: bigint) => Promise<void>;

const addressOf = async ({ chain }: Month, { account }: Person): Promise<string> =>
  (await chain.addressOf(account)).address;

const factOf = (paymentNo: string, amount: bigint, state = "credited") =>
  ({ channel: "usdt-erc20", paymentNo, amount, state }) as const;

const plain: Story = async (month, person, amount) => {
  const { chain, facts } = month;
  const txid = await chain.anvil.mined(await chain.anvil.send(await addressOf(month, person), amount));
  await chain.look();
  await chain.anvil.mine(2);
  await chain.look();
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
};

/** Two in one transaction, of which one is dust: kept apart until a person looks. */
const twoInOne: Story = async (month, person, amount) => {
  const { chain, facts } = month;
  const address = await addressOf(month, person);
  const txid = await chain.anvil.mined(await chain.anvil.sendMany([address, address], [amount, leastDeposit - 1n]));
  await chain.anvil.mine(2);
  await Promise.all([chain.look(), chain.look()]);
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
  facts.came(factOf(`${txid}:1`, leastDeposit - 1n, "in-review"), null);
};

const otherToken: Story = async (month, person, amount) => {
  const { chain } = month;
  const contract = await chain.anvil.deploy();
  await chain.anvil.mined(await chain.anvil.send(await addressOf(month, person), amount, { contract }));
  await chain.anvil.mine(2);
  await chain.look();
};

/** Credited on two blocks; then the chain takes three back. */
async function creditedAndGone({ chain }: Month, address: string, amount: bigint): Promise<number> {
  const takeBack = await chain.anvil.fork();
  const nonce = await chain.anvil.client.getTransactionCount({ address: chain.anvil.payer.address });
  await chain.anvil.mined(await chain.anvil.send(address, amount, { nonce }));
  await chain.anvil.mine(2);
  await chain.look();
  await takeBack();
  return nonce;
}

/** Comes again in another block: it stays credited, once. */
const goneAndBack: Story = async (month, person, amount) => {
  const { chain, facts } = month;
  const address = await addressOf(month, person);
  const before = await chain.balance(person.account);
  const nonce = await creditedAndGone(month, address, amount);
  expect(await chain.balance(person.account)).toBe(before + amount);
  await chain.anvil.mine();
  await chain.look();
  const txid = await chain.anvil.mined(await chain.anvil.send(address, amount, { nonce }));
  await chain.anvil.mine(8);
  await chain.look();
  facts.came(factOf(`${txid}:0`, amount), person.account, amount);
};

/** The payer spends the same number elsewhere: it never was. */
const gone: Story = async (month, person, amount) => {
  const { chain, facts } = month;
  const address = await addressOf(month, person);
  const before = await chain.balance(person.account);
  const nonce = await creditedAndGone(month, address, amount);
  const [deposit] = (await chain.deposits(person.account)).slice(-1);
  await chain.anvil.mined(await chain.anvil.send(chain.anvil.payer.address, 1n, { nonce }));
  await chain.look();
  await chain.anvil.mine(3);
  await chain.look();
  expect(await chain.balance(person.account)).toBe(before);
  facts.came(factOf(deposit?.payment_no ?? "", amount, "reversed"), person.account, amount);
  facts.wentBack("usdt-erc20", amount, person.account, amount);
};

export const chainStories = { plain, twoInOne, otherToken, goneAndBack, gone } satisfies Record<string, Story>;

/** Paid on the chain; `isSilent`: the node takes the transaction and answers nothing for a while. */
export async function payOnChain(month: Month, person: Person, amount: bigint, isSilent: boolean): Promise<void> {
  const { chain, facts } = month;
  const to = newAddress();
  const id = await chain.approved(person.account, to, (Number(amount) / 1e6).toFixed(6), [ann, ben]);
  await chain.submit();
  expect(await chain.sign()).toEqual([]);
  chain.node.isSilent = isSilent;
  await chain.follow();
  if (isSilent) expect(await chain.stateOf(id)).toEqual(["unknown", "unknown"]);
  chain.node.isSilent = false;
  await chain.follow();
  await chain.anvil.mine(3);
  await chain.follow();
  expect(await chain.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect(await chain.has(to)).toBe(amount);
  await month.cashier.remove(person.account, (await chain.row(id)).target_id);
  facts.withdrawals.set(id, "confirmed");
  facts.move(person.account, -amount);
  facts.beyond["usdt-erc20"] -= amount;
}
