import type { ExportRow } from "./exports.store.ts";

/** Of its end: ids begin with the time they were made at. */
const idChars = 8;

/** The form of the file. */
export const endingOf = ({ profile }: Pick<ExportRow, "profile">): "csv" | "xlsx" =>
  profile === "worksheet" ? "xlsx" : "csv";

/** "ledger_harbour_live_20261101-20261130_UTC_1f0c2b3a.csv": ASCII only. */
export function fileNameOf(asked: ExportRow, partner: string): string {
  const { id, report, book, from_date, to_date, time_zone } = asked;
  const ending = endingOf(asked);
  const days = `${from_date}-${to_date}`.replace(/(\d{4})-(\d\d)-(\d\d)/g, "$1$2$3");
  const zone = time_zone.replace(/[^A-Za-z0-9+-]+/g, "-");
  return `${report}_${partner}_${book}_${days}_${zone}_${id.slice(-idChars)}.${ending}`;
}
