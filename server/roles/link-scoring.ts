import {
  forgetSightings,
  noteSighting,
  noteTrades,
  rescoreAll,
  rescoreTrader,
} from "../capabilities/account-links/index.ts";
import type { DevicePorts } from "../platform/http/device-routes.ts";
import type { SessionPorts } from "../platform/http/session-routes.ts";
import { noNetworks, plainIp, readNetworks } from "../platform/networks.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { rateLimit } from "../platform/rate-limit.ts";
import type { Shared } from "./shared.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** So many traders may wait to be scored in one process; who comes on top is scored with everybody, once a day. */
const waitingMost = 10_000;

/** So many sightings of a trader are kept: whoever sends more fills no disk. */
const sightingBudget = { points: 60, seconds: 3_600 };

/** Browsers that all look alike: whatever runs on iOS, and Safari on macOS, which an iPad says it is. */
const lookalike = /iPhone|iPad|iPod|Macintosh.*Version\/[\d.]+.*Safari/;

/** Keeps what is seen of logins, and scores whom something new is known of, one after the other, after he was answered. */
export async function openLinkScoring({ config, db, readDb, transact, redis, log }: Shared) {
  const networks = config.networksFile === null ? noNetworks : await readNetworks(config.networksFile);
  if (config.networksFile !== null) log.info({ ranges: networks.ranges }, "table of networks read");
  const budget = rateLimit({ redis, name: "truewick:sightings", ...sightingBudget });
  const waiting = new Set<string>();
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    for (const traderId of waiting) {
      waiting.delete(traderId);
      await rescoreTrader({ db, readDb, transact }, traderId).catch((err: unknown) =>
        log.error({ err, traderId }, "a trader's links could not be scored"),
      );
    }
    running = null;
  };
  const score = (traderId: string): void => {
    if (waiting.size < waitingMost) waiting.add(traderId);
    running ??= run();
  };
  const note = async (traderId: string, ip: string | null, device: Parameters<typeof noteSighting>[1]["device"]) => {
    if ((await budget.take(traderId)) !== null) return;
    const from = plainIp(ip);
    await noteSighting(db, { traderId, ip: from, network: networks.networkOf(from), device });
    score(traderId);
  };
  return {
    /** A login as it was, with its sighting: that one could not be kept keeps nobody out. */
    noting:
      (loginTrader: SessionPorts["loginTrader"]): SessionPorts["loginTrader"] =>
      async (login, from) => {
        const reply = await loginTrader(login, from);
        if (reply.ok)
          await note(reply.value.trader.id, from.ip, null).catch((err: unknown) =>
            log.error({ err }, "a login's sighting could not be kept"),
          );
        return reply;
      },
    device: {
      seen: ({ traderId }, { deviceId: id, fingerprint, consentVersion }, { ip, userAgent }) =>
        note(traderId, ip, { id, fingerprint, consentVersion, isLookalike: lookalike.test(userAgent ?? "") }),
    } satisfies DevicePorts,
    end: async (): Promise<void> => {
      waiting.clear();
      await running;
    },
  };
}

/** Scores everybody when the scheduler begins to lead and once a day, and forgets what is too old. */
export function linkJobs({ config, db, readDb, transact, log }: Shared): Repetition[] {
  const job = (name: string, everyMs: number, run: () => Promise<unknown>): Repetition =>
    repeat(everyMs, async () => {
      await run().catch((error: unknown) => log.error({ err: error, job: name }, "scheduler: a job failed"));
    });
  return [
    job("old sightings", hourMs, () => forgetSightings(db, config.deviceDataDays)),
    job("linked accounts", dayMs, async () => {
      await noteTrades({ transact });
      await rescoreAll({ db, readDb, transact });
    }),
  ];
}
