import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { parseDecimal } from "#core/units.ts";
import { anOrderRequest, type TestAccount, type TestDesk } from "../support/trading.ts";
import { tryQuotes } from "../support/working.ts";
import { houseVerbs, playHouse } from "./house-words.ts";

/**
 * Plays a story and tells what happened: each line is an action, and after "=>" what came of it. Lines before the arrow are
 * read, lines after it are written anew, so that a test compares the story told with the story expected.
 *
 * Orders: `buy 2 MES`, and after it any of `limit P`, `stop P`, `tp P`, `sl P`, `tif ioc`, `reduce`, `as NAME`. A named order can be
 * amended and cancelled. A quote tries every waiting order; what it meets is settled, and told behind it.
 */
export async function tell(house: TestDesk, story: string): Promise<string> {
  const teller: Teller = { house, account: await house.openAccount(0n), named: new Map() };
  const told: string[] = [];
  for (const line of story.split("\n")) {
    const [action = ""] = line.split(" =>");
    const words = action.trim().split(/\s+/);
    const result = words[0] === "" ? null : await play(teller, words);
    told.push(result === null ? action : `${action} => ${result}`);
  }
  return told.join("\n");
}

interface Teller {
  readonly house: TestDesk;
  readonly account: TestAccount;
  readonly named: Map<string, string>;
}

async function play(teller: Teller, words: readonly string[]): Promise<string | null> {
  const { house, account } = teller;
  const [verb = "", first = "", second = "", third = ""] = words;
  if (houseVerbs.includes(verb)) return playHouse(house, account, words);
  switch (verb) {
    case "deposit":
      await house.fund(account, parseDecimal(first, 2) ?? 0n);
      return null;
    case "quote":
      house.market.quote(first, second, third);
      return quoted(teller);
    case "buy":
    case "sell":
      return order(teller, verb, words.slice(1));
    case "close":
      return settled(teller, await house.desk.close(account.trader, await positionId(teller, first), closing(second)));
    case "reverse":
      return settled(teller, await house.desk.reverse(account.trader, await positionId(teller, first), closing("")));
    case "bracket":
      return bracket(teller, first, words.slice(2));
    case "amend":
      return amend(teller, first, words.slice(1));
    case "cancel":
      return said(await house.desk.cancel(account.trader, idOf(teller, first)));
    case "cancel-all":
      return batch(teller, await house.desk.cancelAll(account.trader, { accountId: account.accountId }));
    case "flatten":
      return batch(
        teller,
        await house.desk.flatten(account.trader, {
          accountId: account.accountId,
          clientOrderId: closing("").clientOrderId.slice(0, 30),
        }),
      );
    default:
      return look(teller, verb, first, second);
  }
}

async function look({ house, account, named }: Teller, verb: string, first: string, side: string): Promise<string> {
  switch (verb) {
    case "account": {
      const view = await house.reads.account(account.trader, account.accountId);
      return `balance ${view?.balance} equity ${view?.equity} held ${view?.held} available ${view?.available}`;
    }
    case "position": {
      const all = await house.reads.positions(account.trader, account.accountId);
      const found = all?.find((position) => position.instrument === first);
      return found === undefined ? "none" : positionText(found);
    }
    case "order": {
      const found = await house.reads.order(account.trader, named.get(first) ?? "");
      return found === null ? "unknown" : orderText(found);
    }
    case "capacity": {
      const { accountId } = account;
      const reply = await house.desk.capacity(account.trader, { accountId, instrument: first });
      if ("unknown" in reply) return `unknown ${reply.unknown}`;
      const part = side === "sell" ? reply.sell : reply.buy;
      return `${part.maxLots} bound by ${part.boundBy?.code}`;
    }
    default:
      throw new Error(`the story has no word "${verb}"`);
  }
}

function positionText(position: WirePosition): string {
  const { side, lots, averagePrice, unrealizedPnl, marginHeld, takeProfitPrice, stopLossPrice } = position;
  const legs = [
    ...(takeProfitPrice === null ? [] : [`tp ${takeProfitPrice}`]),
    ...(stopLossPrice === null ? [] : [`sl ${stopLossPrice}`]),
  ];
  return [`${side} ${lots} @ ${averagePrice} pnl ${unrealizedPnl} margin ${marginHeld}`, ...legs].join(" ");
}

function orderText({ state, lots, limitPrice, stopPrice, cancelCode, rejectionCode }: WireOrder): string {
  const prices = [
    ...(limitPrice === null ? [] : [`limit ${limitPrice}`]),
    ...(stopPrice === null ? [] : [`stop ${stopPrice}`]),
  ];
  return [state, lots, ...prices, cancelCode, rejectionCode].filter((word) => word !== null).join(" ");
}

/** Reads the words behind an order, an amendment or a bracket: pairs of a name and a price. */
function wordsOf(words: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    pairs.set(word, word === "reduce" ? "" : (words[++index] ?? ""));
  }
  return pairs;
}

async function order(teller: Teller, side: "buy" | "sell", words: readonly string[]): Promise<string> {
  const [size = "", instrument = "", ...rest] = words;
  const given = wordsOf(rest);
  const price = (name: string, field: keyof PlaceOrderRequest) => (given.has(name) ? { [field]: given.get(name) } : {});
  const stop = given.has("stop");
  const type = given.has("limit") ? (stop ? "stop-limit" : "limit") : stop ? "stop" : "market";
  const request = anOrderRequest(teller.account, {
    ...{ side, lots: size, instrument, type },
    ...price("limit", "limitPrice"),
    ...price("stop", "stopPrice"),
    ...price("tp", "takeProfitPrice"),
    ...price("sl", "stopLossPrice"),
    ...price("tif", "timeInForce"),
    ...(given.has("reduce") ? { reduceOnly: true } : {}),
  });
  const answer = await teller.house.desk.place(teller.account.trader, request);
  if ("order" in answer) teller.named.set(given.get("as") ?? answer.order.id, answer.order.id);
  return settled(teller, answer);
}

async function amend(teller: Teller, name: string, words: readonly string[]): Promise<string> {
  const given = wordsOf(words.slice(1));
  const { house, account } = teller;
  const [lots, limitPrice, stopPrice] = [given.get("lots"), given.get("limit"), given.get("stop")];
  const change = {
    ...(lots === undefined ? {} : { lots }),
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
  return settled(teller, await house.desk.amend(account.trader, idOf(teller, name), change));
}

async function bracket(teller: Teller, instrument: string, words: readonly string[]): Promise<string> {
  const given = wordsOf(words);
  const leg = (name: string): string | null | undefined => (given.get(name) === "off" ? null : given.get(name));
  const { house, account } = teller;
  const answer = await house.desk.brackets(account.trader, await positionId(teller, instrument), {
    takeProfitPrice: leg("tp"),
    stopLossPrice: leg("sl"),
  });
  return "position" in answer ? positionText(answer.position) : `${answer.code}: ${answer.message}`;
}

async function batch(teller: Teller, answer: Awaited<ReturnType<TestDesk["desk"]["flatten"]>>): Promise<string> {
  if (!("answers" in answer)) return `${answer.code}: ${answer.message}`;
  const closed: string[] = [];
  for (const one of answer.answers) closed.push(await settled(teller, one));
  return [`cancelled ${answer.cancelled}`, ...closed].join("; ");
}

/** Settles what the new quote triggers, and tells the fills. */
async function quoted({ house, account }: Teller): Promise<string | null> {
  const met = await tryQuotes(house);
  if (met.length === 0) return null;
  await house.settler()(met);
  const { orders, fills } = await settledOf(house, account, met);
  const told = orders.map((one) => {
    const fill = fills.find(({ orderId }) => orderId === one.id);
    const origin = one.origin === "trader" ? one.type : one.origin;
    if (fill === undefined) return `${origin} ${one.state} ${one.cancelCode ?? one.rejectionCode}`;
    const gap = fill.gappedFrom === null ? "" : ` gapped from ${fill.gappedFrom}`;
    const rest = one.state === "filled" ? "" : ` then ${one.state} ${one.cancelCode}`;
    return `${origin} ${one.side} ${fill.lots} @ ${fill.price}${gap} pnl ${fill.realizedPnl} fee ${fill.fee}${rest}`;
  });
  return told.join("; ");
}

async function settledOf(house: TestDesk, { accountId }: TestAccount, ids: readonly string[]) {
  const views = await house.reads.settled(new Map([[accountId, ids]]));
  return views.get(accountId) ?? { orders: [], fills: [] };
}

const closing = (lots: string) => ({
  clientOrderId: globalThis.crypto.randomUUID(),
  ...(lots === "" ? {} : { lots }),
});

function idOf({ named }: Teller, name: string): string {
  const id = named.get(name);
  if (id === undefined) throw new Error(`the story names no order "${name}"`);
  return id;
}

async function positionId({ house, account }: Teller, instrument: string): Promise<string> {
  const all = await house.reads.positions(account.trader, account.accountId);
  const position = all?.find((one) => one.instrument === instrument);
  if (position === undefined) throw new Error(`the story speaks of ${instrument}, where nothing is open`);
  return position.id;
}

const said = (answer: OrderAnswer): string =>
  "order" in answer ? orderText(answer.order) : `${answer.code}: ${answer.message}`;

/** What became of an order: the fill of one that was due at once, the order as it waits, or the refusal. */
async function settled({ house, account }: Teller, answer: OrderAnswer): Promise<string> {
  if (!("order" in answer)) return said(answer);
  await house.settler()([answer.order.id]);
  const { orders, fills } = await settledOf(house, account, [answer.order.id]);
  const [order] = orders;
  const [fill] = fills;
  if (order?.state === "working") return orderText(order);
  if (fill === undefined) return `${order?.state} ${order?.rejectionCode ?? order?.cancelCode}`;
  return `filled ${order?.filledLots} @ ${fill.price} pnl ${fill.realizedPnl} fee ${fill.fee}`;
}
