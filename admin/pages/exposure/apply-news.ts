import type { ExposureNews, WireExposureRow, WireExposureSums, WireWorstAccount } from "#contracts/exposure.ts";

/** What the page shows of one view. */
export interface ExposureView {
  readonly view: number;
  readonly seq: number;
  readonly at: string;
  /** By key, in the order in which they were first told: rows never change places under the pointer. */
  readonly rows: ReadonlyMap<string, WireExposureRow>;
  readonly more: number;
  readonly totals: readonly WireExposureSums[];
  readonly worst: readonly WireWorstAccount[];
}

/** The view after the news: the same where they are of another view, null where news before them are missing. */
export function applyNews(shown: ExposureView | null, news: ExposureNews, view: number): ExposureView | null {
  if (news.view !== view) return shown;
  const { seq, at, more, totals, worst } = news;
  if (news.full) return { view, seq, at, rows: byKey(news.rows), more, totals, worst };
  if (shown === null || shown.view !== view || seq !== shown.seq + 1) return null;
  const rows = new Map([...shown.rows, ...byKey(news.rows)]);
  for (const key of news.gone) rows.delete(key);
  return { view, seq, at, rows, more, totals, worst };
}

const byKey = (rows: readonly WireExposureRow[]): Map<string, WireExposureRow> =>
  new Map(rows.map((row) => [row.key, row]));
