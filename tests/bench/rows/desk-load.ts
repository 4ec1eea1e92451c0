import { placeOrders, type SettledCount, settleInBatches } from "../../../server/capabilities/trading/index.ts";
import type { Transact } from "../../../server/platform/db/unit-of-work.ts";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk } from "../../support/trading.ts";

/** Clients that each send their next order when the last one is settled. */
const clients = 400;
const accountsTogether = 6;
const balance = 1_000_000_000n;

export async function openAccounts(house: TestDesk, count: number): Promise<TestAccount[]> {
  const accounts: TestAccount[] = [];
  while (accounts.length < count)
    accounts.push(...(await Promise.all(Array.from({ length: accountsTogether }, () => house.openAccount(balance)))));
  return accounts;
}

/** Settles orders by id, and resolves when they are settled. */
export type Settling = (orderIds: readonly string[]) => Promise<void>;

export interface DeskLoad {
  readonly accounts: readonly TestAccount[];
  readonly instruments: readonly string[];
  readonly random: () => number;
  readonly forMs: number;
  /** What lies between acceptance and settlement; without it accepted ids go straight to the settlement. */
  readonly through?: (settle: Settling) => { readonly transact: Transact; readonly settled: Settling };
}

/** Orders settled a second: accepted by one desk and settled by one worker of this process, in a closed loop. */
export async function deskLoad(house: TestDesk, load: DeskLoad): Promise<number> {
  let filled = 0;
  const { settle } = settleInBatches({
    settle: house.settler(),
    settleOneByOne: (orderId) => Promise.reject(new Error(`order ${orderId} made a settlement fail`)),
    onSettled: (count: SettledCount) => {
      filled += count.filled;
    },
  });
  const { transact, settled } = load.through?.(settle) ?? { transact: house.ports.transact, settled: settle };
  const desk = placeOrders({ ...house.ports, transact }, () => {});
  const pick = <T>(from: readonly T[]): T => {
    const found = from[Math.floor(load.random() * from.length)];
    if (found === undefined) throw new Error("nothing to choose from");
    return found;
  };
  const begun = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - begun < load.forMs) {
      const account = pick(load.accounts);
      const side = load.random() < 0.5 ? "buy" : "sell";
      const request = anOrderRequest(account, { side, instrument: pick(load.instruments) });
      const answer = await desk.place(account.trader, request);
      if (!("order" in answer)) throw new Error(`an order was refused: ${answer.code} ${answer.message}`);
      await settled([answer.order.id]);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return filled / ((performance.now() - begun) / 1_000);
}

export async function booksNote(house: TestDesk): Promise<string> {
  const broken = await brokenBooks(house.db);
  return broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
}
