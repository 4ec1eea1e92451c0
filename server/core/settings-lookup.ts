import { groupBy } from "./group-by.ts";
import {
  type EffectiveSettings,
  effectiveSettings,
  type RiskLine,
  type RiskObject,
  type RiskSubject,
} from "./risk-table.ts";

/**
 * Settings in force by these lines, for many traders: what is the same for all of a group below the same agents is worked out once, and a trader's own
 * lines are looked at for him alone.
 */
export function settingsLookup(
  lines: readonly RiskLine[],
): (subject: RiskSubject, about: RiskObject | null) => EffectiveSettings {
  const shared = lines.filter(({ traderId }) => traderId === null);
  const own = groupBy(
    lines.filter(({ traderId }) => traderId !== null),
    ({ traderId }) => traderId,
  );
  const known = new Map<string, EffectiveSettings>();
  return (subject, about) => {
    const { tenantId, traderId, groupId, agentLine } = subject;
    const mine = own.get(traderId) ?? [];
    const whose = `${tenantId} ${groupId} ${agentLine.join(" ")} ${mine.length > 0 ? traderId : ""}`;
    const key = `${whose}/${about?.id ?? ""}`;
    const found = known.get(key) ?? effectiveSettings([...shared, ...mine], subject, about);
    known.set(key, found);
    return found;
  };
}
