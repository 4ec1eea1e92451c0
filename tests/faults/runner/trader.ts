import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Deadline, persist } from "./client.ts";
import type { Funds } from "./funds.ts";
import type { Journal } from "./journal.ts";
import type { Market } from "./market.ts";
import type { Outside } from "./outside.ts";
import { payByChain, withdrawByChain } from "./pay-chain.ts";
import { payByBank, payByGateway } from "./pay-in.ts";
import { withdraw } from "./pay-out.ts";
import type { Person } from "./people.ts";
import type { PlannedAction } from "./plan.ts";
import type { Session } from "./session.ts";

export interface TraderPorts {
  readonly person: Person;
  readonly session: Session;
  readonly journal: Journal;
  readonly market: Market;
  readonly funds: Funds;
  readonly outside: Outside;
  readonly deadline: Deadline;
  /** Begins every client id of this trader. */
  readonly name: string;
}

/** Does what is planned, when it is planned, each action by itself: a slow answer does not hold up the next action. */
export async function trade(ports: TraderPorts, actions: readonly PlannedAction[]): Promise<void> {
  await Promise.all(
    actions.map(async (action, number) => {
      await sleep(Math.max(0, action.atMs - ports.deadline.nowMs()));
      await act(ports, action, `${ports.name}-${number}`);
    }),
  );
}

async function act(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  switch (action.kind) {
    case "fund":
      return ports.funds.move(ports.person.accountId, action, clientId);
    case "deposit":
      return payByGateway(ports, action, clientId);
    case "transfer":
      return payByBank(ports, action);
    case "withdraw":
      return withdraw(ports, action, clientId);
    case "chain-deposit":
      return payByChain(ports, action);
    case "chain-withdraw":
      return withdrawByChain(ports, action, clientId);
    case "close":
      return closePosition(ports, action, clientId);
    case "cancel":
    case "amend":
      return changeWorking(ports, action);
    case "flatten":
      return void (await quietly(() =>
        ports.session.send(action.node, "flatten", { clientOrderId: clientId, accountId: ports.person.accountId }),
      ));
    default:
      return placeOrder(ports, action, clientId);
  }
}

async function placeOrder(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  const { session, person, journal, deadline } = ports;
  const { instrument, side, lots } = action;
  const body = {
    ...{ clientOrderId: clientId, accountId: person.accountId, instrument, side, lots: String(lots) },
    ...pricesOf(ports.market, action),
  };
  const entry = journal.open({
    kind: "order",
    accountId: person.accountId,
    clientId,
    what: `${side} ${lots} ${instrument} ${action.kind}`,
    cents: 0,
    givesUp: action.givesUp,
  });
  await persist(entry, (node) => submit(session, action, node, "order", "orders", body), {
    node: action.node,
    deadline,
  });
}

/** The first try goes over the socket where that is planned, repetitions over REST. */
function submit(
  session: Session,
  action: PlannedAction,
  node: number,
  event: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  return action.overSocket && node === action.node ? session.emit(event, body) : session.send(node, path, body);
}

/** Prices around the market as the trader sees it now. */
function pricesOf(market: Market, { kind, instrument, side, distance }: PlannedAction): Record<string, string> {
  const away = side === "buy" ? -1 : 1;
  const better = market.price(instrument, away * (distance - 2));
  const worse = market.price(instrument, -away * (distance + 1));
  switch (kind) {
    case "limit":
      return { type: "limit", limitPrice: better };
    case "stop":
      return { type: "stop", stopPrice: worse };
    case "stop-limit":
      return { type: "stop-limit", stopPrice: worse, limitPrice: market.price(instrument, -away * (distance + 4)) };
    case "bracket":
      return {
        type: "market",
        takeProfitPrice: market.price(instrument, -away * (distance + 4)),
        stopLossPrice: market.price(instrument, away * (distance + 4)),
      };
    default:
      return { type: "market" };
  }
}

async function closePosition(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  const { session, person, journal, deadline } = ports;
  const answer = await quietly(() => session.get(action.node, `positions?accountId=${person.accountId}`));
  const positions = (answer?.body.positions ?? []) as { id: string; instrument: string }[];
  const position = positions.find(({ instrument }) => instrument === action.instrument) ?? positions[0];
  if (position === undefined) return;
  const entry = journal.open({
    kind: "order",
    accountId: person.accountId,
    clientId,
    what: `close ${position.instrument}`,
    cents: 0,
    givesUp: action.givesUp,
  });
  await persist(
    entry,
    (node) =>
      action.overSocket && node === action.node
        ? session.emit("close", { clientOrderId: clientId, positionId: position.id })
        : session.send(node, `positions/${position.id}/close`, { clientOrderId: clientId }),
    { node: action.node, deadline },
  );
}

/** Cancels or moves one of the orders that the trader sees waiting. Either may come too late: that is the server's to say. */
async function changeWorking({ session, market }: TraderPorts, action: PlannedAction): Promise<void> {
  const waiting = [...session.shown.states].filter(([, state]) => state === "working").map(([id]) => id);
  const id = waiting[action.distance % Math.max(1, waiting.length)];
  if (id === undefined) return;
  if (action.kind === "cancel") {
    await quietly(() => session.send(action.node, `orders/${id}`, undefined, "DELETE"));
    return;
  }
  const found = await quietly(() => session.get(action.node, `orders/${id}`));
  const order = found?.body.order as { instrument: string; side: string; limitPrice: string | null } | undefined;
  if (order === undefined) return;
  const away = order.side === "buy" ? -1 : 1;
  const change =
    order.limitPrice === null
      ? { stopPrice: market.price(order.instrument, -away * (action.distance + 1)) }
      : { limitPrice: market.price(order.instrument, away * action.distance) };
  await quietly(() => session.send(action.node, `orders/${id}`, change, "PATCH"));
}

/** For what needs no judging: what became of it is seen in the orders. */
const quietly = (request: () => Promise<Answer>): Promise<Answer | null> => request().catch(() => null);
