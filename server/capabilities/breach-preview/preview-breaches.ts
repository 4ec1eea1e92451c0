import type { Knex } from "knex";
import { type BreachPreviewReply, breachRowsMax } from "#contracts/breach-preview.ts";
import type { Book } from "#contracts/names.ts";
import { lossSettings, type RiskSetting } from "#contracts/risk-names.ts";
import { breachTally, type PresentBreach, percentOver } from "#core/breach-tally.ts";
import { heldSettings, isMoney } from "#core/present-limits.ts";
import { isNumberSetting } from "#core/risk-settings.ts";
import { formatDecimal } from "#core/units.ts";
import type { Clock } from "../../platform/clock.ts";
import { takingTurns } from "../../platform/db/turns.ts";
import type { MarkQuote, Marks } from "../margin/index.ts";
import type { InstrumentCatalog, QuoteBook } from "../market-data/index.ts";
import { changedSettings, changeLines } from "../risk/index.ts";
import { accountsToLookAt } from "./accounts.store.ts";
import { lookAt } from "./look-at-accounts.ts";

export interface PreviewDeps {
  readonly db: Knex;
  readonly clock: Pick<Clock, "now">;
  readonly quotes: Pick<QuoteBook, "latestTradable">;
  readonly catalog: Pick<InstrumentCatalog, "all" | "get">;
}

/** Accounts read at once: enough for the database, few enough not to block the process for long. */
const batchMax = 500;
/** Previews wait for each other: one at a time reads the book. */
const waitingMax = 4;

/**
 * Whom a change of the risk table would put over a limit as all accounts of a book stand now. The accounts are those of one moment of
 * the database, the prices those of this process at the start. Null: others run already, and wait.
 */
export function breachPreview(deps: PreviewDeps) {
  const inTurn = takingTurns(waitingMax);
  return (changeId: string, book: Book): Promise<BreachPreviewReply | null> =>
    inTurn(() =>
      deps.db.transaction((trx) => preview(deps, trx, changeId, book), {
        isolationLevel: "repeatable read",
        readOnly: true,
      }),
    );
}

async function preview(deps: PreviewDeps, trx: Knex, changeId: string, book: Book): Promise<BreachPreviewReply> {
  const lines = await changeLines(trx, changeId);
  const settings = changedSettings(lines).filter(isLookedAt);
  const drafted = new Set(lines.map(({ id }) => id));
  const at = deps.clock.now();
  const marks = marksOf(deps);
  const tally = breachTally(breachRowsMax);
  const names = new Map<number, string>();
  let [accounts, unpriced] = [0, 0];
  for (let after: string | null = null, more = settings.length > 0; more; ) {
    const ids = await accountsToLookAt(trx, { book, after }, batchMax);
    const looked = await lookAt(trx, ids, { lines, settings, marks, at, catalog: deps.catalog });
    for (const { account, found, isUnpriced } of looked) {
      accounts += 1;
      if (isUnpriced) unpriced += 1;
      names.set(account.tenantId, account.partner);
      tally.add(found);
    }
    after = ids.at(-1) ?? null;
    more = ids.length === batchMax;
  }
  const { counts, worst } = tally.result();
  const rows = worst.map((breach) => rowOf(breach, names.get(breach.tenantId) ?? `${breach.tenantId}`, drafted));
  return {
    ...{ changeId, at: at.toISOString(), book, settings, accounts, unpriced },
    ...{ added: { ...counts.added, rows }, standing: counts.standing, relieved: counts.relieved },
  };
}

/** Who is over a limit that the change does not touch is none of its doing. */
const isLookedAt = (name: RiskSetting): boolean =>
  (heldSettings as readonly string[]).includes(name) || (lossSettings as readonly string[]).includes(name);

const marksOf = ({ catalog, quotes }: PreviewDeps): Marks =>
  new Map(
    catalog.all().flatMap(({ id }): [string, MarkQuote][] => {
      const quote = quotes.latestTradable(id);
      return quote === undefined ? [] : [[id, quote]];
    }),
  );

function rowOf(
  breach: PresentBreach,
  partner: string,
  drafted: ReadonlySet<string>,
): BreachPreviewReply["added"]["rows"][number] {
  const { accountId, traderId, tenantId, currency, currencyScale, setting, instrumentId, assetClass } = breach;
  const told = (value: bigint): string =>
    isNumberSetting(setting) && !isMoney(setting) ? `${value}` : formatDecimal(value, currencyScale);
  const over = percentOver(breach);
  return {
    ...{ accountId, traderId, tenantId, partner, currency, setting, instrumentId, assetClass },
    ...{ value: told(breach.value), limit: told(breach.limit) },
    before: breach.before === null ? null : told(breach.before),
    overPercent: over === null ? null : `${over}`,
    ...{ source: breach.source, version: breach.version, lineId: breach.lineId, action: breach.action },
    isDrafted: breach.lineId !== null && drafted.has(breach.lineId),
  };
}
