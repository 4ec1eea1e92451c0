import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** Shares of the machine's processors at one moment, summed over all of them: in any unit, growing. */
export interface CpuTimes {
  readonly idle: number;
  readonly all: number;
}

/** What it is told by, other than the machine's own. */
export interface SpareCpuPorts {
  readonly times: () => CpuTimes;
  readonly nowMs: () => number;
  readonly rest: (ms: number) => Promise<unknown>;
}

/** So much of the processors must be idle for work in the background to go on unhindered. */
const idleWanted = 0.1;
/** With so much idle nobody is in the way. */
const quietFrom = 0.8;
const lookEveryMs = 200;
const restsMs = { least: 2, most: 32 };

/** For work in the background that lets whoever waits for an answer go first. */
export interface SpareCpu {
  /** Whether the machine does next to nothing now: looks for a moment. */
  readonly isQuiet: () => Promise<boolean>;
  /**
   * Awaited after each small piece. While the machine has processors to spare it returns at once; while it has none it rests, twice as long
   * each time it looks and finds none.
   */
  readonly yield: () => Promise<void>;
}

export function spareCpu(ports: SpareCpuPorts = machine): SpareCpu {
  let [before, lookedAt, restMs] = [ports.times(), ports.nowMs(), 0];
  return {
    isQuiet: async () => {
      const since = ports.times();
      await ports.rest(lookEveryMs);
      return idleBetween(since, ports.times()) > quietFrom;
    },
    yield: async () => {
      if (ports.nowMs() - lookedAt >= lookEveryMs) {
        const now = ports.times();
        const isShort = idleBetween(before, now) < idleWanted;
        restMs = isShort ? Math.min(restsMs.most, Math.max(restsMs.least, restMs * 2)) : Math.floor(restMs / 2);
        [before, lookedAt] = [now, ports.nowMs()];
      }
      if (restMs > 0) await ports.rest(restMs);
    },
  };
}

const idleBetween = (from: CpuTimes, to: CpuTimes): number => (to.idle - from.idle) / Math.max(1, to.all - from.all);

const machine: SpareCpuPorts = {
  times: () => {
    const each = os.cpus().map(({ times }) => times);
    const sum = (of: (one: (typeof each)[number]) => number): number => each.reduce((total, one) => total + of(one), 0);
    return {
      idle: sum(({ idle }) => idle),
      all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq),
    };
  },
  nowMs: () => performance.now(),
  rest: (ms) => wait(ms),
};
