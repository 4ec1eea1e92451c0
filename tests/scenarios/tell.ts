import type { OrderAnswer } from "#contracts/trading-api.ts";
import { parseDecimal } from "#core/units.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk } from "../support/trading.ts";

/**
 * Plays a story and tells what happened: each line is an action, and after "=>" what came of it. Lines before the arrow are
 * read, lines after it are written anew, so that a test compares the story told with the story expected.
 */
export async function tell(house: TestDesk, story: string): Promise<string> {
  const account = await house.openAccount(0n);
  const told: string[] = [];
  for (const line of story.split("\n")) {
    const [action = ""] = line.split(" =>");
    const words = action.trim().split(/\s+/);
    const result = words[0] === "" ? null : await play(house, account, words);
    told.push(result === null ? action : `${action} => ${result}`);
  }
  return told.join("\n");
}

async function play(house: TestDesk, account: TestAccount, words: readonly string[]): Promise<string | null> {
  const [verb = "", first = "", second = "", third = ""] = words;
  switch (verb) {
    case "deposit":
      await house.fund(account, parseDecimal(first, 2) ?? 0n);
      return null;
    case "quote":
      house.market.quote(first, second, third);
      return null;
    case "buy":
    case "sell": {
      const request = anOrderRequest(account, { side: verb, lots: first, instrument: second });
      return settled(house, account, await house.desk.place(account.trader, request));
    }
    case "close":
      return close(house, account, first, second === "" ? undefined : second);
    case "account": {
      const view = await house.reads.account(account.trader, account.accountId);
      return `balance ${view?.balance} equity ${view?.equity} held ${view?.held} available ${view?.available}`;
    }
    case "position": {
      const all = await house.reads.positions(account.trader, account.accountId);
      const found = all?.find((position) => position.instrument === first);
      if (found === undefined) return "none";
      return `${found.side} ${found.lots} @ ${found.averagePrice} pnl ${found.unrealizedPnl} margin ${found.marginHeld}`;
    }
    default:
      throw new Error(`the story has no word "${verb}"`);
  }
}

async function close(house: TestDesk, account: TestAccount, instrument: string, lots?: string): Promise<string> {
  const all = await house.reads.positions(account.trader, account.accountId);
  const position = all?.find((one) => one.instrument === instrument);
  if (position === undefined) throw new Error(`the story closes ${instrument}, where nothing is open`);
  const { clientOrderId } = anOrderRequest(account);
  return settled(house, account, await house.desk.close(account.trader, position.id, { clientOrderId, lots }));
}

async function settled(house: TestDesk, account: TestAccount, answer: OrderAnswer): Promise<string> {
  if (!("order" in answer)) return `${answer.code}: ${answer.message}`;
  const id = acceptedId(answer);
  await house.settler()([id]);
  const views = await house.reads.settled(new Map([[account.accountId, [id]]]));
  const { orders = [], fills = [] } = views.get(account.accountId) ?? {};
  const [order] = orders;
  const [fill] = fills;
  if (fill === undefined) return `${order?.state} ${order?.rejectionCode}`;
  return `filled ${order?.filledLots} @ ${fill.price} pnl ${fill.realizedPnl} fee ${fill.fee}`;
}
