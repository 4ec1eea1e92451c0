import type { PathLevel } from "#contracts/risk-api.ts";
import { useChangeSheet } from "../risk-change/use-change-sheet.ts";
import { isSame } from "./cell-text.ts";
import type { Changes } from "./use-level-changes.ts";

/** What a draft changes at the levels that are on screen. `changeId` null: there is none. */
export function useDrafted(changeId: string | null, levels: readonly PathLevel[]): Changes {
  const { sheet } = useChangeSheet(changeId);
  const lines = new Map(sheet?.lines.map((line) => [keyOf(line.target), line]));
  return Object.fromEntries(
    levels.flatMap((level, place) => {
      const line = lines.get(keyOf(level.target));
      if (line === undefined) return [];
      const changed = line.settings.filter(({ own, drafted }) => !isSame(own, drafted));
      return [[place, Object.fromEntries(changed.map(({ name, drafted }) => [name, drafted]))]];
    }),
  );
}

const keyOf = ({
  scope,
  tenantId,
  agentId,
  groupId,
  traderId,
  instrumentId,
  assetClass,
}: PathLevel["target"]): string =>
  JSON.stringify([scope, tenantId, agentId, groupId, traderId, instrumentId, assetClass]);
