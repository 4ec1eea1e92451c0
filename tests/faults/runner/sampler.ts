import { type Repetition, repeat } from "../../../server/platform/queue/repeat.ts";
import { residentMb, type World } from "./world.ts";

export interface Samples {
  readonly taken: () => number;
  /** Accounts seen with less than nothing available, books and holds that did not add up, at any sampled time. */
  readonly below: readonly string[];
  /** Most resident memory of each process in MB. */
  readonly memory: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

const everyMs = 500;

/** Books that do not add up to zero, and withdrawals that do not hold their amount: by one look each, so at one moment. */
async function unbalanced({ look }: World): Promise<string[]> {
  const sums = await look<{ book: string; currency: string; total: string }>(
    `SELECT a.book, a.currency, sum(b.posted)::text AS total FROM balances b JOIN ledger_accounts a ON a.id = b.ledger_account_id
     GROUP BY 1, 2 HAVING sum(b.posted) <> 0`,
  );
  const holds = await look<{ id: string }>(
    `SELECT coalesce(h.ref_id, w.id)::text AS id FROM (SELECT * FROM holds WHERE kind = 'withdrawal' AND state = 'open') h
     FULL JOIN (SELECT * FROM withdrawals WHERE state IN ('in-review', 'approved')) w ON w.id = h.ref_id
     WHERE h.amount IS DISTINCT FROM w.amount_minor`,
  );
  return [
    ...sums.map(({ book, currency, total }) => `${book} ${currency} added up to ${total}`),
    ...holds.map(({ id }) => `the hold of withdrawal ${id} was not its amount`),
  ];
}

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
      below.push(...(await unbalanced(world)));
    } catch {
      // The database is away: nothing can be seen, and nothing changes.
    }
  };
  const looking: Repetition = repeat(everyMs, look);
  return { taken: () => taken, below, memory, stop: looking.stop };
}
