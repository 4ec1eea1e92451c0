import type { Book } from "#contracts/names.ts";
import { lossSettings } from "#contracts/risk-names.ts";
import { groupBy } from "#core/group-by.ts";
import type { Instrument } from "#core/instrument.ts";
import { lossRulesIn } from "#core/loss-settings.ts";
import { assert } from "#core/result.ts";
import type { EffectiveSettings, RiskLine, RiskSubject } from "#core/risk-table.ts";
import { settingsLookup } from "#core/settings-lookup.ts";
import type { WhatIfTable } from "#core/what-if.ts";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";
import type { ChangeLine } from "./change-lines.ts";
import { draftedLine, withDraft } from "./drafted-table.store.ts";
import { lossStarts } from "./loss-starts.store.ts";
import { type LineRow, type SubjectRow, toLine, toSubject } from "./risk-table.store.ts";

interface VersionRow extends LineRow {
  effective_at: Date;
}

interface MateRow {
  account_id: string;
  person: string;
}

export interface Rehearsed {
  readonly book: Book;
  readonly from: Date;
  readonly to: Date;
  readonly lines: readonly ChangeLine[];
}

/**
 * The risk table as it was at each moment up to `to`, with a change's lines in place of what they change. People are where they
 * are now: groups, agents and clusters are not played back.
 */
export async function rehearsalTable(reader: SnapshotReader, rehearsed: Rehearsed): Promise<WhatIfTable> {
  const { book, to, lines } = rehearsed;
  const versions = await reader.rows<VersionRow>(
    `SELECT l.id, l.scope, l.tenant_id, l.agent_id, coalesce(a.code, g.name) AS name, l.group_id, l.trader_id, l.instrument_id, l.asset_class,
       v.version, v.id AS version_id, v.settings::text AS settings, v.effective_at
     FROM risk_limits l JOIN risk_limit_versions v ON v.limit_id = l.id
     LEFT JOIN agents a ON a.id = l.agent_id LEFT JOIN trader_groups g ON g.id = l.group_id
     WHERE v.effective_at < $1 ORDER BY v.version`,
    [to],
  );
  const traders = await reader.rows<SubjectRow>(
    `SELECT t.id, t.tenant_id, coalesce(t.group_id, (SELECT g.id FROM trader_groups g WHERE g.is_default)) AS group_id,
       coalesce(a.line, '{}')::text[] AS line FROM traders t LEFT JOIN agents a ON a.id = t.agent_id`,
  );
  const mates = await reader.rows<MateRow>(
    `SELECT a.id AS account_id, l.cluster_id || ' ' || a.currency AS person
     FROM linked_traders l JOIN accounts a ON a.trader_id = l.trader_id WHERE a.book = $1`,
    [book],
  );
  const subjects = new Map(traders.map((row) => [row.id, toSubject(row)]));
  const looksAtOrders = [...versions.map(toLine), ...lines.map(draftedLine)].some(asksForOrders);
  const settings = settingsAt(versions, lines, subjects);
  const table = { settings, matesOf: matesIn(mates), looksAtOrders };
  if (!lines.some(changesLosses)) return table;
  const isTried = triedTraders(versions, lines, subjects);
  const turns = turnsOf(versions);
  const rules = (traderId: string, at: number) => ({
    rules: lossRulesIn(settings(traderId, null, at)),
    untilMs: turns.find((turn) => turn > at) ?? Number.POSITIVE_INFINITY,
  });
  return {
    ...table,
    losses: {
      isTried,
      rules,
      startOf: await lossStarts(reader, rehearsed, { traders: [...subjects.keys()].filter(isTried), rules }),
    },
  };
}

const changesLosses = ({ before, settings }: ChangeLine): boolean =>
  lossSettings.some((name) => JSON.stringify(before[name]) !== JSON.stringify(settings[name]));

/** Traders whose loss limits are others by the draft than by the table as it is at the end. */
function triedTraders(
  versions: readonly VersionRow[],
  drafted: readonly ChangeLine[],
  subjects: ReadonlyMap<string, RiskSubject>,
): (traderId: string) => boolean {
  const newest = [...new Map(versions.map((row) => [row.id, toLine(row)])).values()];
  const [now, then] = [settingsLookup(newest), settingsLookup(withDraft(newest, drafted.map(draftedLine)))];
  const known = new Map<string, boolean>();
  return (traderId) => {
    const subject = subjects.get(traderId);
    const isKnown = known.get(traderId);
    if (isKnown !== undefined || subject === undefined) return isKnown ?? false;
    const isTried = ruleTexts(now(subject, null)) !== ruleTexts(then(subject, null));
    known.set(traderId, isTried);
    return isTried;
  };
}

const ruleTexts = (settings: EffectiveSettings): string =>
  JSON.stringify(
    lossRulesIn(settings).map(({ slot, rule }) => [slot, rule]),
    (_name, value) => (typeof value === "bigint" ? `${value}` : value),
  );

const asksForOrders = ({ settings }: RiskLine): boolean =>
  settings.maxOrdersPerMinute !== undefined || settings.repeatOrderSeconds !== undefined;

/** When the table was another, in order. */
const turnsOf = (versions: readonly VersionRow[]): number[] =>
  [...new Set(versions.map(({ effective_at }) => effective_at.getTime()))].sort((a, b) => a - b);

function settingsAt(
  versions: readonly VersionRow[],
  drafted: readonly ChangeLine[],
  subjects: ReadonlyMap<string, RiskSubject>,
): (traderId: string, instrument: Instrument | null, at: number) => EffectiveSettings {
  const turns = turnsOf(versions);
  const inPlace = drafted.map(draftedLine);
  let next = 0;
  let lookup = settingsLookup(inPlace);
  const known = new Map<string, Map<string, EffectiveSettings>>();
  let isRead = false;
  const readTable = (at: number): void => {
    const newest = new Map<string, RiskLine>();
    for (const row of versions) if (row.effective_at.getTime() <= at) newest.set(row.id, toLine(row));
    lookup = settingsLookup(withDraft([...newest.values()], inPlace));
    known.clear();
    while ((turns[next] ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    isRead = true;
  };
  return (traderId, instrument, at) => {
    if (!isRead || (turns[next] ?? Number.POSITIVE_INFINITY) <= at) readTable(at);
    const own = known.get(traderId) ?? new Map<string, EffectiveSettings>();
    const about = instrument?.id ?? "";
    const found = own.get(about);
    if (found !== undefined) return found;
    const subject = subjects.get(traderId);
    assert(subject !== undefined, `trader ${traderId} has orders and is not there`);
    const settings = lookup(subject, instrument);
    known.set(traderId, own.set(about, settings));
    return settings;
  };
}

function matesIn(rows: readonly MateRow[]): WhatIfTable["matesOf"] {
  const persons = groupBy(rows, ({ person }) => person);
  const mates = new Map(
    rows.map(({ account_id: id, person }) => [
      id,
      (persons.get(person) ?? []).flatMap((one) => (one.account_id === id ? [] : [one.account_id])),
    ]),
  );
  return (accountId) => mates.get(accountId) ?? [];
}
