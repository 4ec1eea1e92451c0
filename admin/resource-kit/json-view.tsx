import { Box, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { useTranslate } from "react-admin";
import { z } from "zod";
import { figure } from "../format/figures.ts";
import { dateText } from "../format/times.ts";
import { useScreenLocale } from "./hooks.ts";
import { NestedValue } from "./nested-value.tsx";

const weekTime = z.object({ weekday: z.number(), time: z.string() });
const sessions = z.array(
  z.object({ validFrom: z.string(), validTo: z.string().nullable(), open: weekTime, close: weekTime }),
);
const holidays = z.array(z.object({ date: z.string(), name: z.string(), closesAt: z.string().nullable() }));
const checks = z.array(
  z.object({
    code: z.string(),
    passed: z.boolean(),
    limit: z.string().nullish(),
    value: z.string().nullish(),
    headroom: z.string().nullish(),
    source: z.string().nullish(),
  }),
);

/** A document as tables that a person can read; one of another shape by its names and values. */
export function JsonView({ schema, value }: { readonly schema: string; readonly value: unknown }) {
  const [weekly, days, decided] = [sessions.safeParse(value), holidays.safeParse(value), checks.safeParse(value)];
  if (schema === "calendar-sessions" && weekly.success) return <Sessions value={weekly.data} />;
  if (schema === "calendar-holidays" && days.success) return <Holidays value={days.data} />;
  if (schema === "order-checks" && decided.success) return <Checks value={decided.data} />;
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
  return <Rows head={head} rows={rows} />;
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
  return <Rows head={head} rows={rows} />;
}

function Checks({ value }: { readonly value: z.infer<typeof checks> }) {
  const translate = useTranslate();
  const head = ["code", "passed", "value", "limit", "headroom", "source"].map((key) => translate(`desk.checks.${key}`));
  const sourceWords = (place: string) => {
    const [kind = "", code] = place.split(":");
    return translate(`desk.checkSources.${kind}`, { _: place, code: code ?? "" });
  };
  const figureOf = (held: string | null | undefined) =>
    held === null || held === undefined ? "–" : translate(`desk.checkValues.${held}`, { _: figure(held) });
  const rows = value.map(({ code, passed, limit, value: held, headroom, source }) => [
    translate(`desk.checkNames.${code}`, { _: code }),
    translate(passed ? "desk.checks.yes" : "desk.checks.no"),
    figureOf(held),
    figureOf(limit),
    figureOf(headroom),
    sourceWords(source ?? "–"),
  ]);
  return <Rows head={head} rows={rows} figures={[2, 3, 4]} />;
}

interface RowsProps {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that hold figures. */
  readonly figures?: readonly number[];
}

function Rows({ head, rows, figures = [] }: RowsProps) {
  const alignOf = (column: number) => (figures.includes(column) ? "right" : "left");
  return (
    <Box sx={{ overflowX: "auto", maxWidth: "100%" }} tabIndex={0}>
      <Table size="small">
        {head.length > 0 && (
          <TableHead>
            <TableRow>
              {head.map((text, column) => (
                <TableCell key={text} align={alignOf(column)}>
                  {text}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
        )}
        <TableBody>
          {rows.map((cells) => (
            <TableRow key={cells.join("\u0000")}>
              {cells.map((text, column) => (
                <TableCell
                  key={`${head[column] ?? column}`}
                  align={alignOf(column)}
                  sx={alignOf(column) === "right" ? {} : { whiteSpace: "normal", minWidth: 72 }}
                >
                  {text}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
