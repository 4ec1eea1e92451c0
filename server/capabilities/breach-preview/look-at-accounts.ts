import type { Knex } from "knex";
import { lossSettings, type RiskSetting } from "#contracts/risk-names.ts";
import type { BreachKind, PresentBreach } from "#core/breach-tally.ts";
import { heldSettings, limitFor, measuresOf, type PresentAccount } from "#core/present-limits.ts";
import type { Held } from "#core/risk-checks.ts";
import { lossSlots } from "#core/risk-settings.ts";
import type { Effective } from "#core/risk-table.ts";
import { type PresentLoss, presentLosses } from "../losses/index.ts";
import { type LadderState, loadLadder, type Marks, markOf } from "../margin/index.ts";
import type { InstrumentCatalog } from "../market-data/index.ts";
import { type ChangeLine, type DraftedTable, loadDraftedTable } from "../risk/index.ts";
import { findTogether } from "../trading/index.ts";
import { type PreviewAccount, previewAccounts } from "./accounts.store.ts";

export interface FoundBreach {
  readonly kind: BreachKind;
  readonly breach: PresentBreach;
}

/** An account, and the limits that it is over by the change, or was without it. */
export interface LookedAt {
  readonly account: PreviewAccount;
  readonly found: readonly FoundBreach[];
  /** It has a position without a price: what that is worth counts nothing. */
  readonly isUnpriced: boolean;
}

export interface LookedBy {
  readonly lines: readonly ChangeLine[];
  /** Only these settings. */
  readonly settings: readonly RiskSetting[];
  readonly marks: Marks;
  readonly at: Date;
  readonly catalog: Pick<InstrumentCatalog, "get">;
}

/** Looks at accounts by the table in force and by the drafted one, in a fixed number of queries whatever their number. */
export async function lookAt(db: Knex, accountIds: readonly string[], by: LookedBy): Promise<LookedAt[]> {
  if (accountIds.length === 0) return [];
  const mates = await findTogether(db, accountIds);
  const all = [...new Set([...accountIds, ...mates.keys()])];
  const accounts = new Map((await previewAccounts(db, all)).map((account) => [account.accountId, account]));
  const traderIds = [...accounts.values()].map(({ traderId }) => traderId);
  const table = await loadDraftedTable(db, traderIds, by.lines);
  const ladders = new Map((await loadLadder(db, all)).map((ladder) => [ladder.accountId, ladder]));
  const losses = await lossesOf(db, { ...by, accountIds: all, mates }, table);
  const presentOf = (id: string): PresentAccount => ({
    held: heldOf(ladders.get(id), by),
    working: accounts.get(id)?.working ?? 0,
  });
  return accountIds.flatMap((id): LookedAt[] => {
    const account = accounts.get(id);
    if (account === undefined) return [];
    const present = presentOf(id);
    const others = (mates.get(id) ?? []).map(presentOf);
    const found = [...overHeld(account, [present, ...others], { by, table }), ...overLoss(account, table, losses(id))];
    return [
      {
        account,
        found,
        isUnpriced: present.held.some(({ long, short, lotValue }) => lotValue === 0n && long !== short),
      },
    ];
  });
}

/** As the checks of an order see what is not its own. */
function heldOf(ladder: LadderState | undefined, { marks, catalog }: LookedBy): Held[] {
  return (ladder?.holdings ?? []).map((holding) => {
    const { instrumentId, position, resting, terms, margin } = holding;
    const [long, short] = [position.lots + resting.buy, resting.sell - position.lots];
    const mark = markOf(holding, marks);
    return {
      ...{ instrumentId, assetClass: catalog.get(instrumentId)?.assetClass ?? "", margin },
      ...{ long: long > 0n ? long : 0n, short: short > 0n ? short : 0n },
      lotValue: mark === null ? 0n : (long > short ? mark.bid : mark.ask) * terms.tickValue,
    };
  });
}

function overHeld(
  account: PreviewAccount,
  [own, ...mates]: readonly [PresentAccount, ...PresentAccount[]],
  { by, table }: { readonly by: LookedBy; readonly table: DraftedTable },
): FoundBreach[] {
  const asked = new Set<string>(by.settings);
  if (heldSettings.every((name) => !asked.has(name))) return [];
  return measuresOf(own, mates).flatMap(({ setting, about, instrumentId, assetClass, value }) => {
    if (!asked.has(setting)) return [];
    const limitBy = ({ of }: DraftedTable["inForce"]): Effective<bigint> | null =>
      limitFor(setting, of(account.traderId, about), account.currencyScale);
    const [before, after] = [limitBy(table.inForce), limitBy(table.drafted)];
    const isOver = (limit: Effective<bigint> | null): boolean => limit !== null && value > limit.value;
    const told = after ?? before;
    if (told === null) return [];
    return foundOf(
      { isBefore: isOver(before), isAfter: isOver(after) },
      {
        ...ownerOf(account),
        ...{ setting, instrumentId, assetClass, value, limit: told.value, before: before?.value ?? null },
        ...{ source: told.source, version: told.version, lineId: told.limitId, action: null },
      },
    );
  });
}

/** The losses of an account by the table in force and by the drafted one. */
interface BothLosses {
  readonly before: readonly PresentLoss[];
  readonly after: readonly PresentLoss[];
}

async function lossesOf(
  db: Knex,
  picture: LookedBy & Parameters<typeof presentLosses>[1],
  table: DraftedTable,
): Promise<(accountId: string) => BothLosses> {
  const asked = new Set<string>(
    lossSettings.flatMap((name) => (picture.settings.includes(name) ? [lossSlots[name]] : [])),
  );
  if (asked.size === 0) return () => ({ before: [], after: [] });
  const before = await presentLosses(db, picture, async () => table.inForce);
  const after = await presentLosses(db, picture, async () => table.drafted);
  const of = (all: typeof before, id: string): PresentLoss[] =>
    (all.get(id) ?? []).filter(({ rule }) => asked.has(rule.slot));
  return (id) => ({ before: of(before, id), after: of(after, id) });
}

function overLoss(account: PreviewAccount, { drafted }: DraftedTable, { before, after }: BothLosses): FoundBreach[] {
  return lossSettings.flatMap((setting) => {
    const was = before.find(({ rule }) => rule.slot === lossSlots[setting]);
    const is = after.find(({ rule }) => rule.slot === lossSlots[setting]);
    const told = is ?? was;
    if (told === undefined) return [];
    const { rule, amount, used } = told;
    const own = drafted.of(account.traderId, null)[setting];
    return foundOf(
      { isBefore: was?.isBreached === true, isAfter: is?.isBreached === true },
      {
        ...ownerOf(account),
        ...{ setting, instrumentId: null, assetClass: null, value: used, limit: amount, before: was?.amount ?? null },
        ...{ source: rule.source, version: rule.version, action: rule.rule.action },
        lineId: own?.value === rule.rule ? own.limitId : null,
      },
    );
  });
}

function foundOf(
  { isBefore, isAfter }: { readonly isBefore: boolean; readonly isAfter: boolean },
  breach: PresentBreach,
): FoundBreach[] {
  if (isAfter) return [{ kind: isBefore ? "standing" : "added", breach }];
  return isBefore ? [{ kind: "relieved", breach }] : [];
}

const ownerOf = ({ accountId, traderId, tenantId, currency, currencyScale }: PreviewAccount) => ({
  ...{ accountId, traderId, tenantId, currency, currencyScale },
});
