import { useEffect, useRef, useState } from "react";
import { useDataProvider } from "react-admin";
import { useNavigate } from "react-router-dom";
import type { PathLevel } from "#contracts/risk-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import type { DeskDataProvider } from "../../providers/data-provider.ts";
import { failureOf } from "../../providers/http.ts";
import { useSentence } from "../../resource-kit/hooks.ts";
import { draftLine } from "../risk-change/draft-line.ts";
import type { CellChange } from "./setting-table.tsx";
import { type ChangeNote, type LineChanges, saveLevel, settingAtFault } from "./use-risk-path.ts";

/** By level's place. */
export type Changes = Readonly<Record<number, LineChanges>>;

export interface LevelFault {
  readonly level: number;
  readonly name: RiskSetting | null;
  readonly says: string;
}

export interface LevelChanges {
  readonly changes: Changes;
  readonly fault: LevelFault | null;
  readonly change: (change: CellChange) => void;
  readonly forget: () => void;
  /** Writes versions that hold. */
  readonly save: (note: ChangeNote) => Promise<void>;
  /** Writes them into a draft, which is made where there is none, and opens it. */
  readonly draft: (note: ChangeNote) => Promise<void>;
}

interface Asked {
  /** What the sheet shows: what was typed belongs to it. */
  readonly search: string;
  readonly levels: readonly PathLevel[];
  /** The draft that is being written; null: none yet. */
  readonly changeId: string | null;
  readonly again: () => void;
}

const nameMax = 120;

/** What was typed into the sheet and is not saved yet. Levels are saved one by one: one that is refused keeps what was typed. */
export function useLevelChanges({ search, levels, changeId, again }: Asked): LevelChanges {
  const say = useSentence();
  const dataProvider = useDataProvider<DeskDataProvider>();
  const navigate = useNavigate();
  const [changes, setChanges] = useState<Changes>({});
  const [fault, setFault] = useState<LevelFault | null>(null);
  // A draft that was begun is gone on with after a refusal.
  const begun = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search is another sheet.
  useEffect(() => {
    setChanges({});
    setFault(null);
    begun.current = null;
  }, [search]);
  const each = async (write: (level: PathLevel, line: LineChanges) => Promise<void>): Promise<boolean> => {
    setFault(null);
    for (const [place, line] of Object.entries(changes)) {
      const level = Number(place);
      const at = levels[level];
      if (at === undefined) continue;
      try {
        await write(at, line);
      } catch (failure) {
        setFault({ level, name: settingAtFault(failure, line), says: say(failureOf(failure).message) });
        again();
        return false;
      }
      setChanges(({ [level]: _saved, ...left }) => left);
    }
    again();
    return true;
  };
  const beginDraft = async ({ reason, effectiveAt }: ChangeNote): Promise<string> => {
    const wanted = { name: reason.slice(0, nameMax), reason, ...(effectiveAt === "" ? {} : { effectiveAt }) };
    const { data } = await dataProvider.create("risk-changes", { data: wanted });
    return String(data.id);
  };
  return {
    changes,
    fault,
    change: ({ level, name, value }) =>
      setChanges((before) => ({ ...before, [level]: { ...before[level], [name]: value } })),
    forget: () => setChanges({}),
    save: async (note) => void (await each((level, line) => saveLevel(level, line, note))),
    draft: async (note) => {
      const isWhole = await each(async (level, line) => {
        begun.current ??= changeId ?? (await beginDraft(note));
        await draftLine(dataProvider, begun.current, level.target, line);
      });
      if (isWhole && begun.current !== null) void navigate(`/risk-changes/${begun.current}/show`);
    },
  };
}
