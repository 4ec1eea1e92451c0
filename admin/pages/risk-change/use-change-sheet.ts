import { useQuery } from "@tanstack/react-query";
import { type ChangeSheetReply, changeSheetReply } from "#contracts/risk-change-api.ts";
import { get } from "../../providers/http.ts";

export interface ChangeSheetState {
  readonly sheet: ChangeSheetReply | null;
  readonly error: unknown;
  readonly again: () => void;
}

/** The lines of a change beside what is in force; read again whenever the page is. Null: nothing is asked. */
export function useChangeSheet(id: string | null): ChangeSheetState {
  const { data, error, refetch } = useQuery({
    queryKey: ["risk-change-sheet", id],
    queryFn: async () => changeSheetReply.parse(await get(`risk-changes/${encodeURIComponent(id ?? "")}/sheet`)),
    enabled: id !== null,
    retry: false,
  });
  return { sheet: data ?? null, error, again: () => void refetch() };
}
