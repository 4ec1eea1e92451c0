import { type Repetition, repeat } from "../../../server/platform/queue/repeat.ts";
import { residentMb, type World } from "./world.ts";

export interface Samples {
  readonly taken: () => number;
  /** Accounts seen with less than nothing available, at any sampled time. */
  readonly below: readonly string[];
  /** Most resident memory of each process in MB. */
  readonly memory: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

const everyMs = 500;

/** Looks at every trader's money twice a second, and at the memory of the processes. */
export function sample(world: World): Samples {
  const below: string[] = [];
  const memory = new Map<string, number>();
  let taken = 0;
  const look = async (): Promise<void> => {
    for (const { process } of world.all) {
      const pid = process.pid();
      const mb = pid === null ? null : residentMb(pid);
      if (mb !== null) memory.set(process.name, Math.max(mb, memory.get(process.name) ?? 0));
    }
    try {
      const rows = await world.look<{ id: bigint; posted: bigint; held: bigint }>(
        `SELECT a.id, b.posted, b.held FROM balances b JOIN ledger_accounts a ON a.id = b.ledger_account_id
         WHERE a.kind = 'trader.cash' AND b.posted - b.held < 0`,
      );
      taken += 1;
      for (const { id, posted, held } of rows) below.push(`ledger account ${id} has ${posted} with ${held} held`);
    } catch {
      // The database is away: nothing can be seen, and nothing changes.
    }
  };
  const looking: Repetition = repeat(everyMs, look);
  return { taken: () => taken, below, memory, stop: looking.stop };
}
