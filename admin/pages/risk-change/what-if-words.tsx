import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { WireOutcome, WireWhatIf } from "#contracts/what-if.ts";
import { figure, signOf } from "../../format/figures.ts";
import { token } from "../../theme/tokens.ts";

/** What the figures mean, in sentences. */
export function WhatIfWords({ result: { orders, totals, breaches = 0 } }: { readonly result: WireWhatIf }) {
  const translate = useTranslate();
  const word = (key: string, values: Record<string, unknown> = {}): string =>
    translate(`desk.whatIf.words.${key}`, values);
  const sum = (key: "added" | "removed"): number => totals.reduce((total, one) => total + one[key], 0);
  const [added, removed] = [sum("added"), sum("removed")];
  const sentences = [
    word("played", { smart_count: orders, orders: figure(orders) }),
    ...(totals.length === 0 ? [word("nothing")] : []),
    ...(added > 0 ? [word("added", { smart_count: added, count: figure(added) })] : []),
    ...(removed > 0 ? [word("removed", { smart_count: removed, count: figure(removed) })] : []),
    ...(breaches > 0 ? [word("breached", { smart_count: breaches, count: figure(breaches) })] : []),
    ...totals.flatMap((total) => moneyWords(total, word)),
  ];
  return (
    <Box
      component="ul"
      className="what-if-words"
      sx={{ m: 0, px: 2, listStyle: "none", fontSize: 14, display: "grid", gap: 0.5, maxWidth: 900 }}
    >
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
      {totals.some(({ lossAvoided }) => signOf(lossAvoided) !== 0) && (
        <Box component="li" sx={{ color: token("textMuted"), fontSize: 13 }}>
          {word("otherSide")}
        </Box>
      )}
    </Box>
  );
}

type Word = (key: string, values?: Record<string, unknown>) => string;

function moneyWords({ currency, lotsNotTraded, lossAvoided, feesForgone }: WireOutcome, word: Word): string[] {
  const say = (decimal: string, more: string, less: string): string[] => {
    const sign = signOf(decimal);
    const amount = figure(decimal.replace("-", ""));
    return sign === 0
      ? []
      : [word(sign > 0 ? more : less, { amount, currency, smart_count: Number(amount === "1" ? 1 : 2) })];
  };
  return [
    ...say(lotsNotTraded, "lotsFewer", "lotsMore"),
    ...say(lossAvoided, "better", "worse"),
    ...say(feesForgone, "feesLess", "feesMore"),
  ];
}
