import { useEffect } from "react";
import { type RaRecord, useGetList, useGetOne, useRefresh } from "react-admin";
import { useDeskChanges } from "../../providers/desk-socket.ts";

export interface RehearsalsState {
  /** Newest first; undefined while they are fetched. */
  readonly rehearsals: readonly RaRecord[] | undefined;
  readonly error: unknown;
  /** The newest, where it has not ended, with how far it is. */
  readonly underWay: RaRecord | null;
  /** Reads the whole page anew: which rehearsals are of the lines as they are is told beside them. */
  readonly again: () => void;
}

const shownMost = 5;
const isUnderWay = ({ state }: RaRecord): boolean => state === "waiting" || state === "running";

/** The newest rehearsals of a change. How far one is comes by the desk's socket, and is read anew after a break. */
export function useRehearsals(changeId: string): RehearsalsState {
  const again = useRefresh();
  const { data, error } = useGetList(
    "risk-rehearsals",
    {
      filter: { changeId },
      sort: { field: "createdAt", order: "DESC" },
      pagination: { page: 1, perPage: shownMost },
    },
    { retry: false },
  );
  const newest = data?.[0];
  const running = newest !== undefined && isUnderWay(newest) ? newest : null;
  const { data: now, refetch: look } = useGetOne(
    "risk-rehearsals",
    { id: running?.id ?? "" },
    { enabled: running !== null, retry: false },
  );
  const runningId = running === null ? null : String(running.id);
  useDeskChanges(
    runningId === null
      ? null
      : (what) => {
          if (what === null || (what.resource === "risk-rehearsals" && what.id === runningId)) void look();
        },
  );
  const hasEnded = now !== undefined && String(now.id) === runningId && !isUnderWay(now);
  useEffect(() => {
    if (hasEnded) again();
  }, [hasEnded, again]);
  const shown = now !== undefined && String(now.id) === runningId ? now : running;
  return { rehearsals: data, error, underWay: shown, again };
}
