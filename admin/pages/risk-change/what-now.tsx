import { Alert, Box } from "@mui/material";
import { type RaRecord, useTranslate } from "react-admin";
import type { ChangeSheetReply } from "#contracts/risk-change-api.ts";
import { timeText } from "../../format/times.ts";
import { useScreenLocale } from "../../resource-kit/hooks.ts";

interface Props {
  readonly record: RaRecord;
  readonly sheet: ChangeSheetReply;
}
type Severity = "info" | "warning" | "success";

/** Why it was written, who may do what with it now, and what stops that: beside the buttons that do it. */
export function WhatNow({ record, sheet }: Props) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const { key, severity, values } = stepOf(record, sheet);
  const from = record.effectiveAt ?? null;
  return (
    <Alert severity={severity} variant="outlined" className="what-now">
      <Box component="span" sx={{ display: "block", overflowWrap: "anywhere" }}>
        {translate("desk.riskChange.why", { author: record.author, reason: record.reason })}
      </Box>
      {translate(`desk.riskChange.${key}`, values)}
      {from !== null && ` ${translate("desk.riskChange.holdsFrom", { at: timeText(String(from), locale) })}`}
    </Alert>
  );
}

function stepOf(
  { state, decidedBy, decisionNote, effectiveAt }: RaRecord,
  { lines, isAuthor, fourEyesAbovePercent: percent }: ChangeSheetReply,
): { readonly key: string; readonly severity: Severity; readonly values?: Record<string, unknown> } {
  const decided = { by: decidedBy, note: decisionNote };
  if (state === "applied") return { key: "now.applied", severity: "success", values: decided };
  if (state === "rejected" || state === "withdrawn") return { key: `now.${state}`, severity: "info", values: decided };
  if (effectiveAt != null && Date.parse(effectiveAt) <= Date.now()) return { key: "now.past", severity: "warning" };
  const stale = lines.filter(({ seenVersion, version }) => seenVersion !== version).length;
  if (stale > 0) return { key: `now.stale-${state}`, severity: "warning", values: { smart_count: stale } };
  if (state === "proposed") return { key: isAuthor ? "now.waits" : "now.decide", severity: "info" };
  if (lines.length === 0) return { key: "now.empty", severity: "info" };
  if (!lines.some(({ needsSecond }) => needsSecond)) return { key: "now.apply", severity: "info" };
  const what = isAuthor ? "second" : "secondOther";
  return { key: `now.${what}${percent === 0 ? "Any" : ""}`, severity: "warning", values: { percent } };
}
