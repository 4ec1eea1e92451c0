import { setTimeout as sleep } from "node:timers/promises";
import { formatDecimal } from "#core/units.ts";
import { type Answer, ask, persist } from "./client.ts";
import type { Fault } from "./nemesis.ts";
import type { Person } from "./people.ts";
import { requestIdOf } from "./request-id.ts";
import type { World } from "./world.ts";

/** The extra accounts, in cents: one for the probes, one for F17, F18 and F20, then one for each F19. */
export const stormAccount = 20_000_000n;
/** 33 lots of MES with their fees, and half a lot for what the market moves meanwhile. */
export const moneyFor33 = 33n * (242_000n + 62n) + 121_000n;
const raceRounds = 150;
const raceWidth = 5;
/** As the answer's Retry-After says. */
const busyPauseMs = 1_000;

interface Storm {
  readonly world: World;
  readonly person: Person;
  readonly token: string;
  readonly send: (node: number, body: unknown) => Promise<Answer>;
  readonly order: (clientOrderId: string, more?: object) => Record<string, unknown>;
}

async function stormOf(world: World, person: Person | undefined): Promise<Storm> {
  if (person === undefined) throw new Error("no account is left for the storm");
  await Promise.all(world.apis.map(({ process }) => process.ready()));
  const { email, password, accountId } = person;
  const { body } = await ask(`${world.urls[0]}/api/trading/session`, { body: { email, password } });
  const token = String(body.accessToken);
  return {
    world,
    person,
    token,
    send: (node, order) => ask(`${world.urls[node % 2]}/api/trading/orders`, { body: order, token }),
    order: (clientOrderId, more = {}) => ({
      ...{ clientOrderId, accountId, instrument: "MES", side: "buy", type: "market", lots: "1" },
      ...more,
    }),
  };
}

const countOf = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

/** Market orders to both apis, one each so often; their last answers. */
export async function orderStorm(
  world: World,
  name: string,
  how: { readonly orders: number; readonly everyMs: number },
): Promise<Answer[]> {
  const storm = await stormOf(world, world.people.extras[1]);
  return Promise.all(
    Array.from({ length: how.orders }, async (_, at) => {
      await sleep(at * how.everyMs);
      return decided(storm, at, storm.order(`${name}-${at}`, { side: at % 2 === 0 ? "buy" : "sell" }));
    }),
  );
}

const sameId: Fault = async (world, { nth }) => {
  const storm = await stormOf(world, world.people.extras[1]);
  const body = storm.order(`same-${nth}`);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => decided(storm, at, body)));
  const ids = new Set(answers.map(({ body: { order } }) => (order as { id?: string } | undefined)?.id));
  const isRight = countOf(answers, 202) === 1 && countOf(answers, 200) === 99 && ids.size === 1;
  const says = `F17: ${countOf(answers, 202)} created, ${countOf(answers, 200)} repeated, ${ids.size} different orders`;
  return { notes: [], violations: isRight ? [] : [says] };
};

const otherBody: Fault = async (world, { nth }) => {
  const storm = await stormOf(world, world.people.extras[1]);
  const id = `other-${nth}`;
  const first = await storm.send(0, storm.order(id));
  const second = await storm.send(1, storm.order(id, { lots: "2" }));
  const isRight = first.status === 202 && second.status === 409;
  return { notes: [], violations: isRight ? [] : [`F18: answered ${first.status}, then ${second.status}`] };
};

const moneyFor: Fault = async (world, { nth }) => {
  const storm = await stormOf(world, world.people.extras[2 + nth]);
  const bodies = Array.from({ length: 320 }, (_, at) => storm.order(`money-${at}`));
  const answers = await Promise.all(bodies.map((body, at) => decided(storm, at, body)));
  const accepted = countOf(answers, 202);
  const refused = answers.filter(({ body }) => body.code === "INSUFFICIENT_FUNDS").length;
  const isRight = accepted === 33 && refused === 320 - 33;
  const says = `F19: ${accepted} accepted and ${refused} refused for money, of 320`;
  return { notes: [], violations: isRight ? [] : [says] };
};

/** Sent again while the answer is that it cannot be decided now. */
async function decided(storm: Storm, node: number, body: object): Promise<Answer> {
  for (let round = 1; ; round++) {
    const answer = await storm.send(node, body);
    if (answer.status !== 503 && answer.status !== 429) return answer;
    // Longer each time and each at a moment of its own: all at once would be refused all at once again.
    await sleep(busyPauseMs * round * (1 + Math.random()));
  }
}

/** Asked for, and every other one given up at once by its trader, while staff already review and send. */
async function raceWithdrawal({ world, person, token }: Storm, id: string, number: number): Promise<void> {
  const { journal, urls, clock } = world;
  const { accountId, targetId } = person;
  const cents = BigInt(3_000 + number * 100);
  const what = `withdrawal of ${cents} cents`;
  const entry = journal.open({ kind: "withdrawal", accountId, clientId: id, what, cents: 0, givesUp: false });
  const body = { requestId: requestIdOf(id), accountId, targetId, amount: formatDecimal(cents, 2) };
  let made: { id?: string } | undefined;
  await persist(
    entry,
    async (node) => {
      const answer = await ask(`${urls[node]}/api/trading/withdrawals`, { body, token });
      made = (answer.body.withdrawal as typeof made) ?? made;
      return answer;
    },
    { node: number % 2, deadline: clock },
  );
  if (made?.id === undefined || number % 2 === 0) return;
  await ask(`${urls[number % 2]}/api/trading/withdrawals/${made.id}`, { method: "DELETE", token }).catch(() => null);
}

/** Orders, withdrawals and adjustments, in and out, at once on one account, round after round. */
const race: Fault = async (world, { nth }) => {
  const storm = await stormOf(world, world.people.extras[1]);
  const { accountId } = storm.person;
  const { journal, funds, clock } = world;
  const round = async (number: number): Promise<void> => {
    const id = `race-${nth}-${number}`;
    const side = number % 2 === 0 ? "buy" : "sell";
    const entry = journal.open({
      kind: "order",
      accountId,
      clientId: id,
      what: `${side} 1 MES`,
      cents: 0,
      givesUp: false,
    });
    const how = { node: number % 2, deadline: clock };
    await Promise.all([
      persist(entry, (node) => storm.send(node, storm.order(id, { side })), how),
      funds.move(accountId, { cents: -50_000 - number, node: 0, givesUp: false }, `${id}-out`),
      funds.move(accountId, { cents: 50_000 + number, node: 0, givesUp: false }, `${id}-in`),
      ...(number % 3 === 0 ? [raceWithdrawal(storm, `${id}-paid`, number)] : []),
    ]);
  };
  for (let from = 0; from < raceRounds; from += raceWidth)
    await Promise.all(Array.from({ length: raceWidth }, (_, at) => round(from + at)));
  const leaked = journal.entries
    .filter((entry) => entry.clientId.startsWith(`race-${nth}-`))
    .flatMap(({ attempts }) => attempts)
    .filter(({ says }) => /40P01|40001|deadlock|^500/.test(says));
  return { notes: [], violations: leaked.map(({ says }) => `F20: a client was told ${says}`) };
};

export const stormFaults = { F17: sameId, F18: otherBody, F19: moneyFor, F20: race };
