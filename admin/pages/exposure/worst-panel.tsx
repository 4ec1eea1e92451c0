import { Box, ToggleButton, ToggleButtonGroup } from "@mui/material";
import { useTranslate } from "react-admin";
import { marginStageLabels } from "#contracts/choices.ts";
import type { WireWorstAccount } from "#contracts/exposure.ts";
import { type WorstOrder, worstOrders } from "#contracts/exposure-names.ts";
import type { ChoiceField } from "#contracts/field.ts";
import { marginStages } from "#contracts/names.ts";
import { figure } from "../../format/figures.ts";
import { ChoiceText } from "../../resource-kit/choice-text.tsx";
import { RefText } from "../../resource-kit/ref-text.tsx";
import { Panel, PanelTable, PanelWords } from "../dashboard/panel.tsx";
import { Result } from "./exposure-panel.tsx";
import { ShortName, toAccount, toPartner } from "./group-name.tsx";
import type { Changes } from "./question.ts";
import { StopButton } from "./stop-button.tsx";
import type { StopTarget } from "./stop-dialog.tsx";
import type { Stops } from "./use-stops.ts";

interface Props {
  readonly worst: readonly WireWorstAccount[];
  readonly order: WorstOrder;
  readonly change: (changes: Changes) => void;
  readonly stops: Stops;
  readonly stop: ((target: StopTarget) => void) | null;
}

export const stageField: ChoiceField = {
  ...{ kind: "choice", label: ["Stage", "阶段"], options: marginStages, optionLabels: marginStageLabels },
};

/** The accounts that need somebody's eyes, the worst first. */
export function WorstPanel({ worst, order, change, stops, stop }: Props) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.exposureDesk.${key}`);
  const columns = [
    { name: word("account"), isFigure: false },
    { name: word("partner"), isFigure: false },
    { name: word("currency"), isFigure: false },
    ...["equity", "margin", "level", "unrealized", "room"].map((key) => ({ name: word(key), isFigure: true })),
    { name: word("stage"), isFigure: false },
    { name: "", isFigure: true },
  ];
  const rows = worst.map((one) => ({
    key: one.accountId,
    cells: [
      <ShortName key="account">
        <RefText field={toAccount} id={one.accountId} />
      </ShortName>,
      <ShortName key="partner">
        <RefText field={toPartner} id={one.tenantId} />
      </ShortName>,
      one.currency,
      figure(one.equity),
      figure(one.margin),
      one.level === null ? "–" : figure(one.level),
      <Result key="unrealized" amount={one.unrealized} />,
      one.room === null ? "–" : figure(one.room),
      <ChoiceText key="stage" field={stageField} value={one.stage} />,
      <StopButton key="stop" target={{ scope: "account", id: one.accountId }} stops={stops} stop={stop} />,
    ],
  }));
  return (
    <Panel title={word("worst")} note={word("roomHelp")}>
      <OrderSwitch order={order} change={change} />
      {rows.length === 0 ? <PanelWords>{word("noWorst")}</PanelWords> : <PanelTable columns={columns} rows={rows} />}
    </Panel>
  );
}

function OrderSwitch({ order, change }: Pick<Props, "order" | "change">) {
  const translate = useTranslate();
  return (
    <Box sx={{ px: 2, pb: 1 }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        value={order}
        aria-label={translate("desk.exposureDesk.worstBy")}
        onChange={(_event, chosen: WorstOrder | null) => chosen !== null && change({ worst: chosen })}
      >
        {worstOrders.map((one) => (
          <ToggleButton key={one} value={one} sx={{ px: 1.25, py: 0.25, textTransform: "none", fontSize: 13 }}>
            {translate(`desk.exposureDesk.orders.${one}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Box>
  );
}
