import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import type { Router } from "express";
import {
  type AppendHead,
  exportHeads,
  type ProofPorts,
  publishedChain,
  publishKey,
  receipts,
  sealBooks,
  sealQuotes,
} from "../capabilities/proofs/index.ts";
import { limitByAddress } from "../platform/http/limit.ts";
import { proofRoutes, receiptRoutes, staffReceiptRoutes } from "../platform/http/proof-routes.ts";
import { requireStaff } from "../platform/http/require.ts";
import { probedGauges } from "../platform/metrics.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { rateLimit } from "../platform/rate-limit.ts";
import { bookHeadsFile } from "../platform/security/kept-heads.ts";
import { loadProofSigner } from "../platform/security/proof-key.ts";
import { demandReadable, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

/** Blocks are looked for this often; when one closes, SEAL_SECONDS says. */
const lookMs = 2_000;
const minuteMs = 60_000;
/** For each client address. */
const publicBudget = { points: 300, seconds: 60 };
const dayShape = /^\d{4}-\d\d-\d\d$/;

/** The key of this installation, its public half published: nothing may be signed before. */
export async function openProofs({ config, db }: Shared): Promise<ProofPorts> {
  const signer = loadProofSigner(config.dataDir, config.proofKeyFile);
  await publishKey(db, signer);
  return { db, signer };
}

/** What anybody, a trader and staff may ask about proofs. A receipt reads a whole block: never in the pool of commands. */
export function proofRouters(
  { readDb, redis, identity }: Shared,
  { signer }: ProofPorts,
  resources: Resources,
): { readonly ofAnybody: Router; readonly ofTrader: Router; readonly ofStaff: Router } {
  const { ofTrader, ofFill } = receipts({ db: readDb, signer });
  const limit = limitByAddress(rateLimit({ redis, name: "truewick:proofs", ...publicBudget }));
  return {
    ofAnybody: proofRoutes({ ...publishedChain({ db: readDb, signer }), limit }),
    ofTrader: receiptRoutes({ ofTrader }),
    ofStaff: staffReceiptRoutes({
      requireStaff: requireStaff(identity),
      demandFill: demandReadable(readDb, resources, "fills"),
      ofFill,
    }),
  };
}

export type TellSealLag = (seconds: ReadonlyMap<string, number>) => void;

/** Shows how far sealing is behind. Once a process: a scheduler may lead several times in its life. */
export function measureSealLag({ metrics }: Shared): TellSealLag {
  let lag: ReadonlyMap<string, number> = new Map();
  probedGauges(metrics, "truewick_seal_lag_seconds", "Age of the oldest unsealed quote.", "instrument", () => lag);
  return (seconds) => {
    lag = seconds;
  };
}

export type SealBooks = ReturnType<typeof sealBooks>;

/** Seals the books, the heads written down in the day's file of DATA_DIR/exports: one for every minute's job and the day's closes. */
export const bookSealer = (shared: Shared, ports: ProofPorts): SealBooks =>
  sealBooks({ ...ports, append: appendTo(shared, bookHeadsFile) });

const appendTo =
  ({ config }: Shared, name: string): AppendHead =>
  async (day, line) => {
    if (!dayShape.test(day)) throw new Error(`${day} is no day`);
    const folder = path.join(config.dataDir, "exports");
    await mkdir(folder, { recursive: true });
    await appendFile(path.join(folder, `${name}-${day}.jsonl`), `${line}\n`);
  };

/** Sealing, and the heads of each hour in the day's file of DATA_DIR/exports: for the one scheduler that leads. */
export function startProofJobs(
  shared: Shared,
  ports: ProofPorts,
  { sealer, tellLag }: { readonly sealer: SealBooks; readonly tellLag: TellSealLag },
): Repetition[] {
  const write = exportHeads({ ...ports, append: appendTo(shared, "heads") });
  return [
    startSealing(shared, ports, tellLag),
    repeat(minuteMs, () =>
      sealer().then(
        () => undefined,
        (error: unknown) =>
          shared.log.error({ err: error }, "ALARM: sealing the books failed, the next round tries again"),
      ),
    ),
    repeat(minuteMs, () =>
      write().catch((error: unknown) => shared.log.error({ err: error }, "exporting heads failed")),
    ),
  ];
}

function startSealing({ config, log }: Shared, ports: ProofPorts, tellLag: TellSealLag): Repetition {
  const seal = sealQuotes(ports, config.sealSeconds * 1000);
  let isEnding = false;
  const round = async (): Promise<void> => {
    try {
      for (let more = true; more && !isEnding; ) {
        const sealed = await seal();
        more = sealed.more;
        tellLag(sealed.lagSeconds);
      }
    } catch (error) {
      log.warn({ err: error }, "sealing quotes failed, the next round goes on where it stopped");
    }
  };
  const running = repeat(lookMs, round);
  return {
    ...running,
    stop: async () => {
      isEnding = true;
      await running.stop();
      tellLag(new Map());
    },
  };
}
