import { useCallback, useEffect, useState } from "react";
import { type FundFlowReply, fundFlowReply } from "#contracts/fund-flow.ts";
import { get } from "../../providers/http.ts";

export interface FundFlowState {
  /** The first page's answer; null while it is fetched. */
  readonly reply: FundFlowReply | null;
  /** Of all pages so far, newest first. */
  readonly rows: FundFlowReply["rows"];
  readonly next: string | null;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly more: () => void;
  readonly again: () => void;
}

type Read = Pick<FundFlowState, "reply" | "rows" | "next">;
const unread: Read = { reply: null, rows: [], next: null };

/** Reads the fund flow that `search` asks for, page after page of one reading. Empty: nothing is asked. */
export function useFundFlow(search: string): FundFlowState {
  const [read, setRead] = useState<Read>(unread);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further turn reads the same again.
  useEffect(() => {
    let isWanted = true;
    setRead(unread);
    setError(null);
    if (search === "") return;
    setBusy(true);
    pageOf(search)
      .then((reply) => isWanted && setRead({ reply, rows: reply.rows, next: reply.next }))
      .catch((failure: unknown) => isWanted && setError(failure))
      .finally(() => isWanted && setBusy(false));
    return () => {
      isWanted = false;
    };
  }, [search, turn]);
  const { next } = read;
  const more = useCallback(() => {
    if (next === null) return;
    setBusy(true);
    pageOf(search, next)
      .then((page) =>
        setRead((before) =>
          before.next === next ? { ...before, rows: [...before.rows, ...page.rows], next: page.next } : before,
        ),
      )
      .catch(setError)
      .finally(() => setBusy(false));
  }, [search, next]);
  return { ...read, isBusy, error, more, again: () => setTurn((before) => before + 1) };
}

async function pageOf(search: string, after?: string): Promise<FundFlowReply> {
  const query = after === undefined ? search : `${search}&after=${after}`;
  return fundFlowReply.parse(await get(`fund-flow?${query}`));
}
