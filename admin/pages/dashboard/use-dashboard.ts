import { useCallback, useEffect, useState } from "react";
import { type DashboardReply, dashboardReply } from "#contracts/dashboard.ts";
import type { Book } from "#contracts/names.ts";
import { get } from "../../providers/http.ts";

const pollMs = 5000;
const samplesKept = 60;

/** What the server does not keep over time is drawn from what this page has seen since it was opened. */
export interface Seen {
  readonly totals: readonly DashboardReply["totals"][];
  readonly waiting: readonly number[];
}

/** The heights of a line, not amounts: here alone a figure becomes a number. The first currency of the book is drawn. */
export const trendOf = ({ totals }: Seen, book: Book, figure: "exposure" | "equityAtRisk"): readonly number[] =>
  totals.map((lines) => Number(lines.find((line) => line.book === book)?.[figure] ?? 0));

export interface DashboardState {
  readonly reply: DashboardReply | null;
  readonly seen: Seen;
  /** The last failure; the last good reply stays on screen. */
  readonly error: unknown;
  readonly refresh: () => void;
}

/** Asks for the dashboard again and again while the page is open and visible. */
export function useDashboard(): DashboardState {
  const [reply, setReply] = useState<DashboardReply | null>(null);
  const [seen, setSeen] = useState<Seen>({ totals: [], waiting: [] });
  const [error, setError] = useState<unknown>(null);
  const refresh = useCallback(async () => {
    try {
      const next = dashboardReply.parse(await get("dashboard"));
      setReply(next);
      setSeen((before) => withSample(before, next));
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  }, []);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void refresh();
    }, pollMs);
    return () => clearInterval(timer);
  }, [refresh]);
  return { reply, seen, error, refresh: () => void refresh() };
}

const withSample = (before: Seen, { totals, queue }: DashboardReply): Seen => ({
  totals: [...before.totals, totals].slice(-samplesKept),
  waiting: [...before.waiting, queue.waiting].slice(-samplesKept),
});
