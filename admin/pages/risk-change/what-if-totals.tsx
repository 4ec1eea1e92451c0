import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { WireOutcome, WireWhatIf } from "#contracts/what-if.ts";
import { figure, signOf } from "../../format/figures.ts";
import { token } from "../../theme/tokens.ts";
import { decimalDifference } from "../dashboard/decimal-difference.ts";
import { PanelTable } from "../dashboard/panel.tsx";
import { Signed } from "../fund-flow/flow-table.tsx";

interface Props {
  readonly result: WireWhatIf;
  /** The rehearsal before; null: there is none. */
  readonly before: WireWhatIf | null;
  readonly beforeName: string;
}

type Figures = Readonly<Record<"added" | "removed" | "lotsNotTraded" | "lossAvoided" | "feesForgone", string>>;
const kinds = ["added", "removed", "lotsNotTraded", "lossAvoided", "feesForgone"] as const;

/** The sums by currency, beside those of the rehearsal before. */
export function WhatIfTotals({ result, before, beforeName }: Props) {
  const translate = useTranslate();
  const word = (key: string): string => translate(`desk.whatIf.${key}`);
  const currencies = [...new Set([...result.totals, ...(before?.totals ?? [])].map(({ currency }) => currency))];
  if (currencies.length === 0) return null;
  const columns = [
    { name: word("sums"), isFigure: false },
    ...kinds.map((kind) => ({ name: word(kind), isFigure: true })),
  ];
  const rows = currencies.flatMap((currency) => {
    const now = figuresOf(result.totals, currency);
    const was = before === null ? null : figuresOf(before.totals, currency);
    const line = (key: string, figures: Figures, isDifference = false) => ({
      key: `${currency} ${key}`,
      cells: [
        `${currency}${was === null ? "" : ` · ${word(key)}`}`,
        ...kinds.map((kind) => cellOf(kind, figures, isDifference)),
      ],
    });
    return was === null
      ? [line("now", now)]
      : [line("now", now), line("before", was), line("difference", differenceOf(now, was), true)];
  });
  return (
    <Box>
      <PanelTable columns={columns} rows={rows} />
      {before !== null && (
        <Box component="p" sx={{ m: 0, px: 2, pt: 0.5, fontSize: 12, color: token("textMuted") }}>
          {translate("desk.whatIf.comparedWith", { name: beforeName })}
        </Box>
      )}
    </Box>
  );
}

function figuresOf(totals: readonly WireOutcome[], currency: string): Figures {
  const of = totals.find((total) => total.currency === currency);
  const { added = 0, removed = 0, lotsNotTraded = "0", lossAvoided = "0.00", feesForgone = "0.00" } = of ?? {};
  return { added: `${added}`, removed: `${removed}`, lotsNotTraded, lossAvoided, feesForgone };
}

const differenceOf = (now: Figures, was: Figures): Figures => ({
  added: decimalDifference(now.added, was.added),
  removed: decimalDifference(now.removed, was.removed),
  lotsNotTraded: decimalDifference(now.lotsNotTraded, was.lotsNotTraded),
  lossAvoided: decimalDifference(now.lossAvoided, was.lossAvoided),
  feesForgone: decimalDifference(now.feesForgone, was.feesForgone),
});

function cellOf(kind: (typeof kinds)[number], figures: Figures, isDifference: boolean) {
  const value = figures[kind];
  if (kind === "lossAvoided") return <Signed key={kind} amount={value} />;
  return isDifference && signOf(value) > 0 ? `+${figure(value)}` : figure(value);
}
