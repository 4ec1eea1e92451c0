import { useTranslate } from "react-admin";
import { z } from "zod";
import { figure } from "../format/figures.ts";
import { DataRows } from "./data-rows.tsx";

export const orderChecks = z.array(
  z.object({
    code: z.string(),
    passed: z.boolean(),
    limit: z.string().nullish(),
    value: z.string().nullish(),
    headroom: z.string().nullish(),
    source: z.string().nullish(),
  }),
);

/** What an order decision compared, a check a line, in words. */
export function ChecksTable({ value }: { readonly value: z.infer<typeof orderChecks> }) {
  const translate = useTranslate();
  if (value.length === 0) return <>–</>;
  // Withdrawals compare without headroom and source: a column that says nothing is left out.
  const shown = (["code", "passed", "value", "limit", "headroom", "source"] as const).filter(
    (key) => (key !== "headroom" && key !== "source") || value.some((check) => (check[key] ?? null) !== null),
  );
  const head = shown.map((key) => translate(`desk.checks.${key}`));
  const sourceWords = (place: string) => {
    const [kind = "", code] = place.split(":");
    return translate(`desk.checkSources.${kind}`, { _: place, code: code ?? "" });
  };
  const figureOf = (held: string | null | undefined) =>
    held === null || held === undefined ? "–" : translate(`desk.checkValues.${held}`, { _: figure(held) });
  const rows = value.map(({ code, passed, limit, value: held, headroom, source }) => {
    const words = {
      code: translate(`desk.checkNames.${code}`, { _: code }),
      passed: translate(passed ? "desk.checks.yes" : "desk.checks.no"),
      value: figureOf(held),
      limit: figureOf(limit),
      headroom: figureOf(headroom),
      source: sourceWords(source ?? "–"),
    };
    return shown.map((key) => words[key]);
  });
  return <DataRows head={head} rows={rows} figures={[2, 3, 4]} />;
}
