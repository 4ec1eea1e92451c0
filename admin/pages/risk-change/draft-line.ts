import type { PathLevel } from "#contracts/risk-api.ts";
import type { DeskDataProvider } from "../../providers/data-provider.ts";
import type { LineChanges } from "../risk-table/use-risk-path.ts";

/** Sets settings of a line in a draft; null takes one away. Throws what the server says. */
export async function draftLine(
  dataProvider: DeskDataProvider,
  changeId: string,
  target: PathLevel["target"],
  changes: LineChanges,
): Promise<void> {
  const given = Object.entries(changes).filter(([, value]) => value !== null);
  const cleared = Object.entries(changes).flatMap(([name, value]) => (value === null ? [name] : []));
  await dataProvider.runCommand("risk-changes", changeId, "set-line", {
    ...target,
    ...Object.fromEntries(given),
    ...(cleared.length === 0 ? {} : { cleared }),
  });
}
