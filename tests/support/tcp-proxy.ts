import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What a wire does to what passes. All at rest: it passes everything at once. */
export interface Weather {
  /** Delay in each direction, in ms. */
  readonly latencyMs: number;
  /** Chance that a chunk resets its connection instead of passing, 0 to 1. */
  readonly resetChance: number;
  /** Connections stay open, nothing passes in either direction; what was swallowed is lost with them. */
  readonly blackhole: boolean;
}

/** A moment on one connection: these patterns were sent, one after the other; with `answered`, the last of them was answered too. */
export interface Moment {
  readonly sent: readonly RegExp[];
  readonly answered: boolean;
}

/** A wire that a test can cut: connections to `port` reach the target until `cut`, and again after `mend`. */
export interface TcpProxy {
  readonly port: number;
  readonly cut: () => void;
  readonly mend: () => void;
  readonly weather: (weather: Partial<Weather>) => void;
  /** From the next connection on to another port of the host. */
  readonly retarget: (port: number) => void;
  /**
   * Runs `act` once, at the next such moment: the bytes that make it have reached the server, the answer to them has not reached
   * the client and never will, for the connection is cut. Gives what takes the trap away again.
   */
  readonly trap: (moment: Moment, act: () => void) => () => void;
  /** The connection that the target sees coming from this port goes silent for good, and neither end is told. */
  readonly freeze: (seenPort: number) => void;
  readonly close: () => Promise<void>;
}

interface Trap extends Moment {
  readonly act: () => void;
}

const clear: Weather = { latencyMs: 0, resetChance: 0, blackhole: false };
/** Enough of what was sent to find a pattern that two chunks share. */
const tailMax = 4_096;

export async function tcpProxy(host: string, port: number, chance: () => number = Math.random): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const traps = new Set<Trap>();
  const frozen = new Set<Socket>();
  let target = port;
  let isCut = false;
  let weather = clear;

  const spring = (trap: Trap, near: Socket, far: Socket): void => {
    traps.delete(trap);
    trap.act();
    near.destroy();
    far.destroy();
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(target, host);
    const seen = progress(traps);
    link(near, far, (chunk) => {
      const due = seen.sent(chunk);
      if (due !== null) far.write(chunk, () => spring(due, near, far));
      return due === null;
    });
    link(far, near, () => {
      const due = seen.answered();
      if (due !== null) spring(due, near, far);
      return due === null;
    });
  });
  const link = (from: Socket, to: Socket, passes: (chunk: Buffer) => boolean): void => {
    open.add(from);
    from.setNoDelay(true);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      open.delete(from);
      frozen.delete(from);
      to.destroy();
    });
    from.on("end", () => to.end());
    from.on("data", (chunk: Buffer) => {
      if (weather.blackhole || frozen.has(from) || frozen.has(to)) return;
      if (weather.resetChance > 0 && chance() < weather.resetChance) return void from.resetAndDestroy();
      if (!passes(chunk)) return;
      const pass = (): void => {
        if (!to.destroyed && !to.write(chunk)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      };
      if (weather.latencyMs > 0) setTimeout(pass, weather.latencyMs);
      else pass();
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const destroyAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      destroyAll();
    },
    mend: () => {
      // What a blackhole swallowed is missing on its connections, and what is on its way may not be overtaken.
      if (weather.blackhole || weather.latencyMs > 0) destroyAll();
      isCut = false;
      weather = clear;
    },
    weather: (change) => {
      weather = { ...weather, ...change };
    },
    retarget: (other) => {
      target = other;
    },
    trap: (moment, act) => {
      const trap = { ...moment, act };
      traps.add(trap);
      return () => void traps.delete(trap);
    },
    freeze: (seenPort) => {
      for (const socket of open) if (socket.localPort === seenPort) frozen.add(socket);
    },
    close: () => {
      destroyAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A Parse message of PostgreSQL's protocol that names a statement: its name and its text. */
const namedStatement = /P[\s\S]{4}([\w-]{1,63})\0([^\0]+)\0/g;

/** How far one connection has come into each trap. A prepared statement's text is sent once, then its name stands for it. */
function progress(traps: ReadonlySet<Trap>) {
  const reached = new Map<Trap, number>();
  const textOf = new Map<string, string>();
  let tail = "";
  const spells = (pattern: RegExp): boolean =>
    pattern.test(tail) || [...textOf].some(([name, text]) => pattern.test(text) && tail.includes(`\0${name}\0`));
  return {
    sent: (chunk: Buffer): Trap | null => {
      const sent = chunk.toString("latin1");
      for (const [, name = "", text = ""] of sent.matchAll(namedStatement)) textOf.set(name, text);
      if (traps.size === 0) return null;
      tail = (tail + sent).slice(-Math.max(tailMax, chunk.length));
      for (const trap of traps) {
        const step = reached.get(trap) ?? 0;
        const pattern = trap.sent[step];
        if (pattern === undefined || !spells(pattern)) continue;
        reached.set(trap, step + 1);
        tail = "";
        if (step + 1 === trap.sent.length && !trap.answered) return trap;
      }
      return null;
    },
    answered: (): Trap | null => {
      for (const [trap, step] of reached) if (traps.has(trap) && step === trap.sent.length) return trap;
      return null;
    },
  };
}
