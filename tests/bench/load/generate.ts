import { randomUUID } from "node:crypto";
import { build, type Histogram } from "hdr-histogram-js";
import { seeded } from "../row.ts";
import type { LoadClient } from "./client.ts";
import type { Command, LoadReport, Quantiles } from "./messages.ts";

type LoadCommand = Extract<Command, { do: "load" }>;

/** How long the end of an accepted order is waited for after the last arrival. */
const patienceMs = 30_000;

const newHistogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });

/** One load of orders: who is waited for, what was answered, and how long it took from each order's arrival. */
class Load {
  readonly answered = newHistogram();
  readonly confirmed = newHistogram();
  readonly refused: Record<string, number> = {};
  readonly waiting = new Map<string, { arrivedMs: number; ended: () => void }>();
  readonly begun = performance.now();
  sent = 0;
  filled = 0;
  lastAnswerMs = this.begun;
  lastEndMs = this.begun;

  constructor(
    readonly clients: readonly LoadClient[],
    readonly command: LoadCommand,
  ) {
    for (const client of clients) client.onEnd((id, state) => this.end(id, state));
  }

  /** Resolves when the order has ended, or was not taken. */
  async order(client: LoadClient, arrivedMs: number, random: () => number): Promise<void> {
    const { transport, instruments } = this.command;
    const clientOrderId = randomUUID();
    const instrument = instruments[Math.floor(random() * instruments.length)] ?? "";
    const side = random() < 0.5 ? "buy" : "sell";
    this.sent += 1;
    const ended = new Promise<void>((resolve) => this.waiting.set(clientOrderId, { arrivedMs, ended: resolve }));
    const { status, code } = await client.submit(transport, {
      clientOrderId,
      instrument,
      side,
      type: "market",
      lots: "1",
    });
    this.lastAnswerMs = performance.now();
    this.answered.recordValue(Math.round((this.lastAnswerMs - arrivedMs) * 1_000));
    if (status < 300) return ended;
    this.waiting.delete(clientOrderId);
    const reason = `${status} ${code}`;
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }

  private end(clientOrderId: string, state: string): void {
    const order = this.waiting.get(clientOrderId);
    if (order === undefined) return;
    this.waiting.delete(clientOrderId);
    this.lastEndMs = performance.now();
    this.confirmed.recordValue(Math.round((this.lastEndMs - order.arrivedMs) * 1_000));
    if (state === "filled") this.filled += 1;
    else this.refused[state] = (this.refused[state] ?? 0) + 1;
    order.ended();
  }

  report(): LoadReport {
    return {
      ...{ sent: this.sent, filled: this.filled, refused: this.refused, unfinished: this.waiting.size },
      seconds: (this.lastEndMs - this.begun) / 1_000,
      answeredSeconds: (this.lastAnswerMs - this.begun) / 1_000,
      answer: quantilesOf(this.answered),
      confirmation: quantilesOf(this.confirmed),
    };
  }
}

const quantilesOf = (histogram: Histogram): Quantiles => ({
  p50: histogram.getValueAtPercentile(50) / 1_000,
  p99: histogram.getValueAtPercentile(99) / 1_000,
  max: histogram.maxValue / 1_000,
});

export async function generate(clients: readonly LoadClient[], command: LoadCommand): Promise<LoadReport> {
  const load = new Load(clients, command);
  const random = seeded(command.seed);
  if (command.arrivals.kind === "closed") await closedLoop(load, command.arrivals, random);
  else await openLoop(load, command.arrivals, random);
  return load.report();
}

async function closedLoop(
  load: Load,
  { inFlight, forMs }: { inFlight: number; forMs: number },
  random: () => number,
): Promise<void> {
  const one = async (first: number): Promise<void> => {
    for (let turn = 0; performance.now() - load.begun < forMs; turn++) {
      const client = load.clients[(first + turn * inFlight) % load.clients.length];
      if (client === undefined) throw new Error("no client is connected");
      const before = load.filled;
      await load.order(client, performance.now(), random);
      // Told to slow down: a client does, for a moment.
      if (load.filled === before) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await within(patienceMs + forMs, Promise.all(Array.from({ length: inFlight }, (_, first) => one(first))));
}

/** Every millisecond sends all that have become due; a late tick sends more, and each order is timed from when it was due. */
async function openLoop(
  load: Load,
  { perSecond, forMs }: { perSecond: number; forMs: number },
  random: () => number,
): Promise<void> {
  const total = Math.round((perSecond * forMs) / 1_000);
  const running: Promise<void>[] = [];
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - load.begun) * perSecond) / 1_000) + 1);
    while (running.length < due) {
      const client = load.clients[running.length % load.clients.length];
      if (client === undefined) throw new Error("no client is connected");
      running.push(load.order(client, load.begun + (running.length * 1_000) / perSecond, random));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await within(patienceMs, Promise.all(running));
}

/** Waits at most so long: what has not ended then is counted as unfinished. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
