import { Box, Typography } from "@mui/material";
import { useTranslate } from "react-admin";
import type { FundFlowReply } from "#contracts/fund-flow.ts";
import { figure } from "../../format/figures.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { Panel, PanelTable, PanelWords } from "../dashboard/panel.tsx";
import { codeLabels } from "./flow-table.tsx";

interface Props {
  readonly period: NonNullable<FundFlowReply["period"]>;
  readonly currency: string;
}

/** Opening balance, what came in and went out for what, closing balance. */
export function PeriodPanel({ period, currency }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const word = (key: string): string => translate(`desk.fundFlow.${key}`);
  const columns = [
    { name: word("code"), isFigure: false },
    ...["entries", "in", "out"].map((key) => ({ name: word(key), isFigure: true })),
  ];
  const rows = period.totals.map((total) => ({
    key: total.code,
    cells: [say(codeLabels[total.code]), figure(total.entries), figure(total.in), figure(total.out)],
  }));
  return (
    <Panel title={word("period")} note={currency}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "8px 40px", px: 2, pb: 1 }}>
        <Figure name={word("opening")} amount={period.opening} />
        <Figure name={word("closing")} amount={period.closing} />
      </Box>
      {rows.length === 0 ? (
        <PanelWords>{word("nothingMoved")}</PanelWords>
      ) : (
        <PanelTable columns={columns} rows={rows} />
      )}
    </Panel>
  );
}

function Figure({ name, amount }: { readonly name: string; readonly amount: string }) {
  return (
    <Box>
      <Typography variant="caption" component="p" sx={{ m: 0, color: token("textMuted") }}>
        {name}
      </Typography>
      <Typography variant="h2" component="p" sx={{ fontVariantNumeric: "tabular-nums" }}>
        {figure(amount)}
      </Typography>
    </Box>
  );
}
