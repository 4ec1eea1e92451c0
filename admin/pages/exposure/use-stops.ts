import { useEffect } from "react";
import { type RaRecord, useGetList } from "react-admin";
import type { StopTarget } from "./stop-dialog.tsx";

const shownMax = 100;

export interface Stops {
  /** The kill switches in force, the newest first; undefined until they were read. */
  readonly records: readonly RaRecord[] | undefined;
  readonly error: unknown;
  readonly again: () => void;
}

/** Reads the kill switches in force, and again whenever `changes` rises. */
export function useStops(changes: number, isAllowed: boolean): Stops {
  const { data, error, refetch } = useGetList(
    "kill-switches",
    {
      filter: { state: "in-force" },
      pagination: { page: 1, perPage: shownMax },
      sort: { field: "createdAt", order: "DESC" },
    },
    { enabled: isAllowed },
  );
  useEffect(() => {
    if (changes > 0 && isAllowed) void refetch();
  }, [changes, isAllowed, refetch]);
  return { records: data, error, again: () => void refetch() };
}

/** By which field a switch names whom it stops; everyone has none. */
export const targetField = {
  partner: "tenantId",
  agent: "agentId",
  instrument: "instrumentId",
  account: "accountId",
} as const;

/** How this very target is stopped, a halt before close-only; null: it is not. What stops it from above is not looked at. */
export function modeOf({ records = [] }: Pick<Stops, "records">, { scope, id }: StopTarget): string | null {
  const own = records.filter(
    (record) => record.scope === scope && (scope === "all" || String(record[targetField[scope]]) === id),
  );
  return (own.find(({ mode }) => mode === "halt") ?? own[0])?.mode ?? null;
}
