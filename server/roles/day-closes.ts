import type { Knex } from "knex";
import { askClose, type CloseDaysPorts, closeDays, foreseeClose } from "../capabilities/day-close/index.ts";
import { nodeProofCrypto } from "../node-proof-crypto.ts";
import { probedGauge } from "../platform/metrics.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import type { Command, Commands } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";
import type { Shared } from "./shared.ts";

const everyMs = 5_000;

/** Closes the book dates that are over. For the one scheduler that leads. */
export function startDayCloses(
  { db, transact, bus, log, payments }: Shared,
  sealBooks: CloseDaysPorts["sealBooks"],
): Repetition {
  const announce = bus.publish;
  return repeat(everyMs, () =>
    closeDays({
      db,
      transact,
      announce,
      sealBooks,
      crypto: nodeProofCrypto,
      asked: payments,
      onOutcome: ({ tenantId, bookDate }, outcome) => {
        if (outcome.outcome === "failed")
          log.error({ tenantId, bookDate, ...outcome }, "ALARM: a broken rule has stopped the day's close");
        else log.info({ tenantId, bookDate }, "a book date is closed");
      },
      onError: (error, { tenantId, bookDate }) =>
        log.error({ err: error, tenantId, bookDate }, "closing a book date failed, the next round goes on"),
    }).catch((error: unknown) => log.error({ err: error }, "looking for book dates to close failed")),
  );
}

/** Above 0 is an alarm. Once a process: a scheduler may lead several times in its life. */
export function measureDayCloses({ metrics, db }: Pick<Shared, "metrics" | "db">): void {
  const help = "Partners whose day's close a broken rule has stopped.";
  probedGauge(metrics, "truewick_day_closes_stopped", help, async () => {
    const row = await db("day_closes").where({ state: "failed" }).count({ n: "*" }).first();
    return Number(row?.n ?? 0);
  });
}

/** What staff do with a close. A dry run reads for long, so it never takes a connection of commands. */
export function dayCloseCommands(readDb: Knex): NonNullable<Commands[string]> {
  const asked =
    (from: "open" | "failed"): Command =>
    async (work, actor, { id }) => {
      const done = await askClose(work, actor, { id: BigInt(id), from });
      return done.ok ? done : refusedAt(done.refusal);
    };
  return {
    run: asked("open"),
    resume: asked("failed"),
    "dry-run": async (_work, _actor, { id }) => {
      const foreseen = await foreseeClose(readDb, BigInt(id));
      if (foreseen === null) return refusedAt("UNKNOWN_CLOSE");
      const figures = Object.assign({}, ...foreseen.map((one) => one.figures)) as Readonly<Record<string, unknown>>;
      const broken = figures.broken as readonly string[] | undefined;
      return {
        ok: true,
        value: {
          shownOnce: {
            over: figures.isOver === false ? "0" : "1",
            accounts: String(figures.accounts ?? "-"),
            transfers: String(figures.transfers ?? "-"),
            rulesChecked: String(figures.checked ?? "-"),
            rulesBroken: broken === undefined || broken.length === 0 ? "-" : broken.join("; "),
            unsealed: String(figures.unsealed ?? "-"),
            statements: String(figures.statements ?? "-"),
            matched: String(figures.matched ?? "-"),
            open: String(figures.open ?? "-"),
            commissionFills: String(figures.commissionFills ?? "-"),
            payoutsPaid: String(figures.payoutsPaid ?? "-"),
          },
        },
      };
    },
  };
}
