import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ok } from "#core/result.ts";
import type { HouseChain } from "../../../server/roles/evm-chain.ts";
import { hasAnvil, whyNoAnvil } from "../../support/chain/anvil.ts";
import { newAddress, type TestPayouts, testPayouts } from "../../support/chain/payouts.ts";
import type { TestAccount } from "../../support/trading.ts";
import { type Compared, compareNow, tasksOf } from "./support.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("a chain beside the books, final after 3 blocks", () => {
  let pay: TestPayouts;
  let account: TestAccount;
  let address: string;
  let chain: HouseChain;
  beforeEach(async () => {
    pay = await testPayouts();
    // The tests' payer is nobody's here; the house's wallet begins with nothing.
    chain = { ...pay.chain, hotWallet: newAddress() };
    // Behind the block in which the token was made.
    await pay.anvil.mine();
    await pay.look();
    account = await pay.account();
    ({ address } = await pay.addressOf(account));
  });
  afterEach(() => pay?.close());

  const compare = (changes: Partial<HouseChain> = {}): Promise<Compared> =>
    compareNow(pay.house.db.app, {
      ...{ tenantId: pay.house.tenantId, channel: "usdt-erc20", channels: [], chains: [{ ...chain, ...changes }] },
    });
  const tasks = () => tasksOf(pay.house.db.app);
  const sent = async (to: string, amount: bigint) => pay.anvil.mined(await pay.anvil.send(to, amount));
  const depositId = async (): Promise<string> => (await pay.deposits(account))[0]?.id ?? "none";

  test("what came and was credited is matched, and the addresses have what the books say", async () => {
    await sent(address, 25_500_000n);
    await pay.anvil.mine(2);
    await pay.look();
    const run = await compare();
    expect(run.items).toEqual([`${await depositId()} matched 25500000 25500000`]);
    expect(run.totals).toMatchObject([
      { currency: "USDT", matched: 1, ours_minor: 25_500_000n, theirs_minor: 25_500_000n, aside_minor: 0n },
    ]);
    expect(await tasks()).toEqual([]);
  });

  test("what does not count yet is in the wallet and on its way: no difference", async () => {
    await sent(address, 2_000_000n);
    await pay.look();
    const run = await compare();
    expect(run.items).toEqual([]);
    expect(run.totals).toMatchObject([{ ours_minor: 0n, theirs_minor: 2_000_000n, aside_minor: 2_000_000n }]);
    expect(await tasks()).toEqual([]);
  });

  test("what counts and was not credited is only theirs, under its deposit, until it is", async () => {
    await sent(address, 3_000_000n);
    await pay.anvil.mine(2);
    await pay.lookOnce();
    expect((await compare()).items).toEqual([`${await depositId()} only-theirs 0 3000000`]);
    await pay.look();
    expect((await compare()).items).toEqual([`${await depositId()} matched 3000000 3000000`]);
    expect(await tasks()).toEqual([`${await depositId()} matched 0 3000000`]);
  });

  test("money that somebody sends to the house's wallet is nobody's payment: a task, and it explains the balance", async () => {
    const txid = await sent(chain.hotWallet ?? "", 9_000_000n);
    await pay.anvil.mine(2);
    await pay.look();
    const run = await compare();
    expect(run.items).toEqual([`line ${txid}:0 only-theirs 0 9000000`]);
    expect(run.totals).toMatchObject([{ theirs_minor: 9_000_000n, explained_minor: 9_000_000n }]);
    expect(await tasks()).toEqual([`line ${txid}:0 open 0 9000000`]);
  });

  test("what the house's wallet pays to a trader's address is credited, and has left the house too", async () => {
    const txid = await sent(address, 4_000_000n);
    await pay.anvil.mine(2);
    await pay.look();
    const reader = { ...chain.reader, balanceOf: async () => ok(0n) };
    const run = await compare({ hotWallet: pay.anvil.payer.address, reader });
    expect([...run.items].sort()).toEqual(
      [`${await depositId()} matched 4000000 4000000`, `line ${txid}:0:left only-theirs 0 -4000000`].sort(),
    );
  });

  test("a payout is matched with the transfer that its transaction made", async () => {
    await pay.house.fund(account, 100_000_000n);
    const id = await pay.approved(account, newAddress(), "30.00");
    await pay.submit();
    expect(await pay.sign()).toEqual([]);
    await pay.follow();
    await pay.anvil.mine(3);
    await pay.look();
    // It has left and is not booked: it is on its way.
    expect(await compare()).toMatchObject({ items: [], totals: [{ aside_minor: -30_000_000n }] });
    await pay.follow();
    expect((await compare({ hotWallet: null })).items).toEqual([`${id} matched -30000000 -30000000`]);
  });

  test("a payout that the chain does not have any more is only ours", async () => {
    await pay.house.fund(account, 100_000_000n);
    const undo = await pay.anvil.fork();
    const id = await pay.approved(account, newAddress(), "30.00");
    await pay.submit();
    await pay.sign();
    await pay.follow();
    await pay.anvil.mine(3);
    await pay.follow();
    await undo();
    expect((await compare({ hotWallet: null })).items).toEqual([`${id} only-ours -30000000 0`]);
  });

  test("a deposit that the chain took back after it counted is on neither side", async () => {
    const undo = await pay.anvil.fork();
    await sent(address, 5_000_000n);
    await pay.anvil.mine(2);
    await pay.look();
    expect((await compare()).items).toEqual([`${await depositId()} matched 5000000 5000000`]);
    await undo();
    await pay.anvil.mine(3);
    await pay.look(true);
    await pay.anvil.mine(4);
    await pay.look();
    await pay.anvil.mine(4);
    await pay.look();
    const run = await compare();
    expect([await pay.states(account), run.items]).toEqual([["reversed"], []]);
    expect(await tasks()).toEqual([]);
  });

  test("a node that does not answer leaves the run incomplete", async () => {
    await sent(address, 5_000_000n);
    const silent = async () => ({ ok: false, refusal: "NO_ANSWER" }) as const;
    for (const reader of [{ head: silent }, { balanceOf: silent }])
      expect(await compare({ reader: { ...chain.reader, ...reader } })).toMatchObject({
        ...{ state: "incomplete", problem: "NO_ANSWER" },
      });
  });
});
