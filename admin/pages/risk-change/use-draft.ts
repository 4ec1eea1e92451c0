import { useEffect, useState } from "react";
import { useDataProvider, useRefresh } from "react-admin";
import type { ChangeSheetReply, SheetLine } from "#contracts/risk-change-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import type { DeskDataProvider } from "../../providers/data-provider.ts";
import { type Failure, failureOf } from "../../providers/http.ts";
import { isSame } from "../risk-table/cell-text.ts";
import { fieldErrors, type LineChanges, settingAtFault } from "../risk-table/use-risk-path.ts";
import { draftLine } from "./draft-line.ts";

/** What a command said no to: where, and in which words. */
export interface Fault {
  /** Id of the line; empty: of the line that is being added. */
  readonly line: string;
  readonly name: RiskSetting | null;
  /** What was refused for that setting: it stays on screen, to be corrected. */
  readonly value: unknown;
  readonly failure: Failure;
}

export interface Draft {
  readonly isBusy: boolean;
  readonly fault: Fault | null;
  /** What a line is being set to: it stays on screen until the server's answer is there. */
  readonly pending: { readonly line: string; readonly changes: LineChanges } | null;
  /** Forgets what was refused. */
  readonly dismiss: () => void;
  /** Sets one setting of a line; null: the line no longer says anything about it. */
  readonly set: (line: SheetLine, name: RiskSetting, value: unknown) => Promise<boolean>;
  /** Leaves a setting of a line as it is in force; the last one takes the line out. */
  readonly restore: (line: SheetLine, name: RiskSetting) => Promise<boolean>;
  readonly add: (target: SheetLine["target"], changes: LineChanges) => Promise<boolean>;
  readonly remove: (line: SheetLine) => Promise<boolean>;
  /** Takes a line that was changed meanwhile out and sets its settings anew. */
  readonly renew: (line: SheetLine) => Promise<boolean>;
}

/** Edits a draft on the server, one command after the other, and reads the page anew. */
export function useDraft({ change: changeId, lines }: ChangeSheetReply): Draft {
  const dataProvider = useDataProvider<DeskDataProvider>();
  const refresh = useRefresh();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [pending, setPending] = useState<Draft["pending"]>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines are the answer that was waited for.
  useEffect(() => setPending(null), [lines]);
  const run = async (line: string, changes: LineChanges, give: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFault(null);
    setPending({ line, changes });
    try {
      await give();
      return true;
    } catch (error) {
      const name = settingAtFault(error, changes);
      setPending(null);
      setFault({ line, name, value: name === null ? null : changes[name], failure: namedFailure(error) });
      return false;
    } finally {
      setBusy(false);
      refresh();
    }
  };
  const write = (line: SheetLine, changes: LineChanges): Promise<boolean> =>
    run(line.id, changes, () => draftLine(dataProvider, changeId, line.target, changes));
  const remove = (line: SheetLine): Promise<boolean> =>
    run(line.id, {}, () => dataProvider.runCommand("risk-changes", changeId, "remove-line", { lineId: line.id }));
  const restore = (line: SheetLine, name: RiskSetting): Promise<boolean> => {
    const changed = line.settings.filter((one) => !isSame(one.own, one.drafted));
    const own = line.settings.find((one) => one.name === name)?.own ?? null;
    return changed.every((one) => one.name === name) ? remove(line) : write(line, { [name]: own });
  };
  return {
    isBusy,
    fault,
    pending,
    dismiss: () => setFault(null),
    set: (line, name, value) => {
      const own = line.settings.find((one) => one.name === name)?.own ?? null;
      return isSame(own, value) ? restore(line, name) : write(line, { [name]: value });
    },
    restore,
    add: (target, changes) => run("", changes, () => draftLine(dataProvider, changeId, target, changes)),
    remove,
    renew: (line) => {
      const changed = line.settings.filter((one) => !isSame(one.own, one.drafted));
      const changes: LineChanges = Object.fromEntries(changed.map((one) => [one.name, one.drafted]));
      return run(line.id, changes, async () => {
        await dataProvider.runCommand("risk-changes", changeId, "remove-line", { lineId: line.id });
        if (changed.length > 0) await draftLine(dataProvider, changeId, line.target, changes);
      });
    },
  };
}

/** What the server says of the fields at fault, where it names any. */
function namedFailure(error: unknown): Failure {
  const failure = failureOf(error);
  const says = [...new Set(Object.values(fieldErrors(error)))].join(" ");
  return says === "" ? failure : { ...failure, message: says };
}
