import { Box, Button, Typography } from "@mui/material";
import { type ReactNode, useState } from "react";
import { useTranslate } from "react-admin";
import type { WireOutcome } from "#contracts/what-if.ts";
import { figure } from "../../format/figures.ts";
import { token } from "../../theme/tokens.ts";
import { PanelTable } from "../dashboard/panel.tsx";
import { Signed } from "../fund-flow/flow-table.tsx";
import { barFill } from "./legend.tsx";

export interface BarRow {
  readonly key: string;
  readonly name: ReactNode;
  readonly added: number;
  readonly removed: number;
  /** Null: of this sort no money is told. */
  readonly money: WireOutcome | null;
}

interface Props {
  readonly title: string;
  /** What a row is. */
  readonly head: string;
  /** The most changed first. */
  readonly rows: readonly BarRow[];
}

const shownFirst = 10;

/** Refusals added and removed as bars within the table of their figures, so that both are read in one place. */
export function OutcomeBars({ title, head, rows }: Props) {
  const translate = useTranslate();
  const [isWhole, setWhole] = useState(false);
  if (rows.length === 0) return null;
  const word = (key: string): string => translate(`desk.whatIf.${key}`);
  const currencies = [...new Set(rows.flatMap(({ money }) => money?.currency ?? []))];
  const unit = currencies.length === 1 ? `, ${currencies[0]}` : "";
  const hasMoney = currencies.length > 0;
  const longest = Math.max(1, ...rows.map(({ added, removed }) => added + removed));
  const shown = isWhole ? rows : rows.slice(0, shownFirst);
  const columns = [
    { name: head, isFigure: false },
    { name: word("bar"), isFigure: false },
    { name: word("added"), isFigure: true },
    { name: word("removed"), isFigure: true },
    ...(hasMoney
      ? [
          { name: word("lotsNotTraded"), isFigure: true },
          { name: `${word("lossAvoided")}${unit}`, isFigure: true },
          { name: `${word("feesForgone")}${unit}`, isFigure: true },
        ]
      : []),
  ];
  const cellsOf = ({ name, added, removed, money }: BarRow): ReactNode[] => [
    name,
    <Bar key="bar" added={added / longest} removed={removed / longest} />,
    figure(added),
    figure(removed),
    ...(money === null ? [] : moneyCells(money, unit === "")),
  ];
  return (
    <Box component="section" aria-label={title} sx={{ minWidth: 0, ...aligned(hasMoney, unit === "") }}>
      <Typography variant="h3" sx={{ px: 2, pb: 0.5, fontSize: 14, fontWeight: 600 }}>
        {title}
      </Typography>
      <PanelTable columns={columns} rows={shown.map((row) => ({ key: row.key, cells: cellsOf(row) }))} />
      {rows.length > shown.length && (
        <Button size="small" sx={{ mx: 1 }} onClick={() => setWhole(true)}>
          {translate("desk.whatIf.all", { count: figure(rows.length) })}
        </Button>
      )}
    </Box>
  );
}

const moneyCells = (
  { currency, lotsNotTraded, lossAvoided, feesForgone }: WireOutcome,
  isNamed: boolean,
): ReactNode[] => [
  figure(lotsNotTraded),
  <span key="loss">
    <Signed amount={lossAvoided} />
    {isNamed && ` ${currency}`}
  </span>,
  `${figure(feesForgone)}${isNamed ? ` ${currency}` : ""}`,
];

/** The tables stand one below the other: the same columns begin at the same place. */
const aligned = (hasMoney: boolean, isNamed: boolean) => ({
  "& table": {
    tableLayout: "fixed",
    ...(hasMoney ? { minWidth: isNamed ? 1020 : 900 } : { width: { xs: "100%", md: "64%" }, minWidth: 480 }),
  },
  "& th": { whiteSpace: "normal", lineHeight: 1.2 },
  "& th:first-of-type": { width: hasMoney ? "17%" : "27%" },
  "& th:nth-of-type(2)": { width: hasMoney ? "20%" : "32%" },
});

/** Added first, removed behind it; shares of the longest bar. The figures beside it say the same. */
const Bar = ({ added, removed }: { readonly added: number; readonly removed: number }) => (
  <Box
    aria-hidden
    sx={{
      display: "flex",
      height: 12,
      minWidth: { xs: 80, sm: 160 },
      bgcolor: token("surfaceSunken"),
      borderRadius: 0.5,
      overflow: "hidden",
    }}
  >
    <Box sx={{ width: `${(added * 100).toFixed(1)}%`, ...barFill.added }} />
    <Box sx={{ width: `${(removed * 100).toFixed(1)}%`, ...barFill.removed }} />
  </Box>
);
