import { lazy, Suspense } from "react";
import { useTranslate } from "react-admin";
import { z } from "zod";
import { linkEvidence, reconciliationTotals } from "#contracts/json-schemas.ts";
import { lossRuleCell } from "#contracts/loss-rule.ts";
import { figure } from "../format/figures.ts";
import { dateText } from "../format/times.ts";
import { ChecksTable, orderChecks } from "./checks-table.tsx";
import { DataRows } from "./data-rows.tsx";
import { useScreenLocale } from "./hooks.ts";
import { LinkEvidence } from "./link-evidence.tsx";
import { LossRuleView } from "./loss-rule-view.tsx";
import { NestedValue } from "./nested-value.tsx";
import { ReconciliationTotals } from "./reconciliation-totals.tsx";

const weekTime = z.object({ weekday: z.number(), time: z.string() });
const sessions = z.array(
  z.object({ validFrom: z.string(), validTo: z.string().nullable(), open: weekTime, close: weekTime }),
);
const quotes = z.record(z.string(), z.object({ seq: z.string(), bid: z.string(), ask: z.string() }));
const holidays = z.array(z.object({ date: z.string(), name: z.string(), closesAt: z.string().nullable() }));

const WhatIfView = lazy(async () => ({ default: (await import("../pages/risk-change/what-if-view.tsx")).WhatIfView }));

/** A document as tables that a person can read; one of another shape by its names and values. */
export function JsonView({ schema, value }: { readonly schema: string; readonly value: unknown }) {
  const [weekly, days, decided] = [sessions.safeParse(value), holidays.safeParse(value), orderChecks.safeParse(value)];
  if (schema === "calendar-sessions" && weekly.success) return <Sessions value={weekly.data} />;
  if (schema === "calendar-holidays" && days.success) return <Holidays value={days.data} />;
  const weighed = quotes.safeParse(value);
  if (schema === "quotes" && weighed.success) return <Quotes value={weighed.data} />;
  if (schema === "order-checks" && decided.success) return <ChecksTable value={decided.data} />;
  const totals = reconciliationTotals.safeParse(value);
  if (schema === "reconciliation-totals" && totals.success) return <ReconciliationTotals value={totals.data} />;
  const signs = linkEvidence.safeParse(value);
  if (schema === "link-evidence" && signs.success) return <LinkEvidence value={signs.data} />;
  const rule = lossRuleCell.safeParse(value);
  if (schema === "loss-rule" && rule.success) return <LossRuleView rule={rule.data} />;
  if (schema === "what-if")
    return (
      <Suspense>
        <WhatIfView value={value} />
      </Suspense>
    );
  return <NestedValue value={value} />;
}

function Sessions({ value }: { readonly value: z.infer<typeof sessions> }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const moment = (at: z.infer<typeof weekTime>) => `${translate(`desk.weekday.${at.weekday}`)} ${at.time}`;
  const head = ["opens", "closes", "validFrom", "validTo"].map((key) => translate(`desk.calendar.${key}`));
  const rows = value.map(({ open, close, validFrom, validTo }) => [
    moment(open),
    moment(close),
    dateText(validFrom, locale),
    validTo === null ? translate("desk.calendar.untilFurther") : dateText(validTo, locale),
  ]);
  return <DataRows head={head} rows={rows} />;
}

function Quotes({ value }: { readonly value: z.infer<typeof quotes> }) {
  const translate = useTranslate();
  const head = ["instrument", "bid", "ask"].map((key) => translate(`desk.dashboard.${key}`));
  const rows = Object.entries(value).map(([instrument, { seq, bid, ask }]) => [
    instrument,
    figure(bid),
    figure(ask),
    figure(seq),
  ]);
  return <DataRows head={[...head, translate("desk.show.quoteNumber")]} rows={rows} figures={[1, 2, 3]} />;
}

function Holidays({ value }: { readonly value: z.infer<typeof holidays> }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const head = ["date", "holidayName", "closesEarly"].map((key) => translate(`desk.calendar.${key}`));
  const rows = value.map(({ date, name, closesAt }) => [
    dateText(date, locale),
    name,
    closesAt ?? translate("desk.calendar.allDay"),
  ]);
  return <DataRows head={head} rows={rows} />;
}
