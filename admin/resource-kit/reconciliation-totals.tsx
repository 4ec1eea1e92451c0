import { Box, Typography } from "@mui/material";
import { useTranslate } from "react-admin";
import type { z } from "zod";
import type { reconciliationTotals } from "#contracts/json-schemas.ts";
import { foundInLabels } from "#contracts/reconciliation-choices.ts";
import { foundInNames } from "#contracts/reconciliation-names.ts";
import { figure, signOf } from "../format/figures.ts";
import { token } from "../theme/tokens.ts";
import { DataRows } from "./data-rows.tsx";
import { useSay } from "./hooks.ts";

type Totals = z.infer<typeof reconciliationTotals>;

/** What a reconciliation came to: of each currency its lists, and how what the channel has is made up of what the books have. */
export function ReconciliationTotals({ value }: { readonly value: Totals }) {
  return (
    <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
      {value.map((total) => (
        <OneCurrency key={total.currency} total={total} />
      ))}
    </Box>
  );
}

function OneCurrency({ total }: { readonly total: Totals[number] }) {
  const translate = useTranslate();
  const say = useSay();
  const { currency, lists } = total;
  const head = ["list", "payments", "ours", "theirs"].map((key) => translate(`desk.reconciliation.${key}`));
  const rows = foundInNames.map((name) => [
    say(foundInLabels[name]),
    figure(String(lists[name].count)),
    figure(lists[name].ours),
    figure(lists[name].theirs),
  ]);
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="body2" component="h4" sx={{ m: 0, fontWeight: 600 }}>
        {currency}
      </Typography>
      <DataRows head={head} rows={rows} figures={[1, 2, 3]} />
      <Balance total={total} />
    </Box>
  );
}

function Balance({ total }: { readonly total: Totals[number] }) {
  const translate = useTranslate();
  const { ours, theirs, aside, explained, unexplained } = total;
  if (theirs === null || unexplained === null)
    return (
      <Typography variant="body2" sx={{ mt: 1, color: token("textMuted") }}>
        {translate("desk.reconciliation.oursAlone", { ours: figure(ours) })}
      </Typography>
    );
  const figures = { ours: figure(ours), aside: figure(aside), explained: figure(explained), theirs: figure(theirs) };
  const isEven = signOf(unexplained) === 0;
  return (
    <Typography variant="body2" sx={{ mt: 1, color: token(isEven ? "textMuted" : "warn") }}>
      {translate(isEven ? "desk.reconciliation.even" : "desk.reconciliation.uneven", {
        ...{ ...figures, unexplained: figure(unexplained) },
      })}
    </Typography>
  );
}
