import type { Knex } from "knex";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { assert } from "#core/result.ts";
import { readSettings } from "#core/risk-settings.ts";
import type { RiskLine } from "#core/risk-table.ts";
import { settingsLookup } from "#core/settings-lookup.ts";
import type { ChangeLine } from "./change-lines.ts";
import { loadRiskTable, type RiskBook } from "./risk-table.store.ts";

/** The table in force now, and as it would be with a change in force. */
export interface DraftedTable {
  readonly inForce: Pick<RiskBook, "of">;
  readonly drafted: Pick<RiskBook, "of">;
}

/** Both tables for some traders, read at one moment. */
export async function loadDraftedTable(
  db: Knex,
  traderIds: readonly string[],
  lines: readonly ChangeLine[],
): Promise<DraftedTable> {
  const book = await loadRiskTable(db, traderIds);
  const settings = settingsLookup(withDraft(book.lines, lines.map(draftedLine)));
  return { inForce: book, drafted: { of: (traderId, about) => settings(book.subjectOf(traderId), about) } };
}

/** Lines with those of a change in place of what they change. */
export function withDraft(lines: readonly RiskLine[], drafted: readonly RiskLine[]): RiskLine[] {
  const replaced = new Set(drafted.map(placeOf));
  return [...lines.filter((line) => !replaced.has(placeOf(line))), ...drafted];
}

/** Settings that any of the lines of a change sets otherwise than they are, or takes away. */
export const changedSettings = (lines: readonly ChangeLine[]): RiskSetting[] =>
  riskSettingNames.filter((name) =>
    lines.some(({ before, settings }) => JSON.stringify(before[name]) !== JSON.stringify(settings[name])),
  );

/** A line of the change as if it were in force. */
export function draftedLine({ id, target, seenVersion, settings }: ChangeLine): RiskLine {
  const read = readSettings(settings);
  assert(read.ok, `line ${id} of a risk change can't be read`);
  return { ...target, limitId: id, version: seenVersion + 1, name: null, settings: read.value };
}

/** For whom and what a line is: no two lines have the same. */
export const placeOf = (line: Omit<RiskLine, "settings">): string =>
  [line.scope, line.tenantId, line.agentId, line.groupId, line.traderId, line.instrumentId, line.assetClass].join(" ");
