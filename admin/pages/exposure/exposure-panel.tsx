import { Box, Chip, Link, ToggleButton, ToggleButtonGroup } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";
import type { WireExposureRow, WireExposureSums } from "#contracts/exposure.ts";
import type { ExposureGrouping } from "#contracts/exposure-names.ts";
import { figure, signOf } from "../../format/figures.ts";
import { RefText } from "../../resource-kit/ref-text.tsx";
import { token } from "../../theme/tokens.ts";
import { Panel, PanelTable, PanelWords, type Row } from "../dashboard/panel.tsx";
import type { ExposureView } from "./apply-news.ts";
import { ClassName, GroupName, ShortName, toAgent, toPartner } from "./group-name.tsx";
import { type Changes, drillOf, groupingsFor, type Narrowing } from "./question.ts";
import { StopButton } from "./stop-button.tsx";
import type { StopTarget } from "./stop-dialog.tsx";
import type { ExposureQuestion } from "./use-exposure.ts";
import type { Stops } from "./use-stops.ts";

interface Props {
  readonly shown: ExposureView;
  /** What the rows are the answer to. */
  readonly of: ExposureQuestion;
  /** What is asked now. */
  readonly question: ExposureQuestion;
  readonly isOperators: boolean;
  readonly change: (changes: Changes) => void;
  readonly stops: Stops;
  /** Null: the viewer may stop nobody. */
  readonly stop: ((target: StopTarget) => void) | null;
  readonly note: ReactNode;
}

const figures = [
  ...["long", "short", "net", "gross", "currency", "notional", "grossNotional", "unrealized", "margin"],
  ...["accounts", "working"],
] as const;

/** Positions added up by what the viewer chose; a click on a name looks into it. */
export function ExposurePanel({ shown, of, question, isOperators, change, stops, stop, note }: Props) {
  const translate = useTranslate();
  const word = (key: string, more = {}) => translate(`desk.exposureDesk.${key}`, more);
  const { by } = of;
  const isBelow = of.agentId !== undefined;
  const rows = [...shown.rows.values()].map((row): Row => {
    const drill = drillOf(by, row.group, isOperators);
    const name = (
      <ShortName key="name">
        <GroupName by={by} group={row.group} isBelow={isBelow} />
      </ShortName>
    );
    const target = targetOf(by, row.group, isOperators);
    return {
      key: row.key,
      cells: [
        drill === null ? name : <Drill key="name" name={name} go={() => change(drill)} />,
        ...cellsOf(row),
        target !== null && <StopButton key="stop" target={target} stops={stops} stop={stop} />,
      ],
    };
  });
  const unpriced = shown.totals.reduce((sum, total) => sum + total.unpriced, 0);
  const columns = [
    { name: word("group"), isFigure: false },
    ...figures.map((key) => ({ name: word(key), isFigure: key !== "currency" })),
    { name: "", isFigure: true },
  ];
  return (
    <Panel title={word("by")} note={note}>
      <Box sx={{ px: 2, pb: 1, display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <Groupings by={question.by} isOperators={isOperators} change={change} />
        <Narrowed question={question} change={change} />
      </Box>
      {rows.length === 0 ? (
        <PanelWords>{word("empty")}</PanelWords>
      ) : (
        <PanelTable
          columns={columns}
          rows={[...rows, ...shown.totals.map((total) => totalRow(total, word("total")))]}
        />
      )}
      {shown.more > 0 && <PanelWords>{word("more", { count: shown.more })}</PanelWords>}
      {unpriced > 0 && <PanelWords>{word("noPrice", { count: unpriced })}</PanelWords>}
    </Panel>
  );
}

const Drill = ({ name, go }: { readonly name: ReactNode; readonly go: () => void }) => (
  <Link component="button" type="button" underline="hover" onClick={go} sx={{ textAlign: "left", fontSize: 13 }}>
    {name}
  </Link>
);

function totalRow(total: WireExposureSums, name: string): Row {
  const bold = cellsOf(total).map((cell, at) => <strong key={figures[at]}>{cell}</strong>);
  return { key: `total ${total.currency}`, cells: [<strong key="name">{name}</strong>, ...bold, null] };
}

const cellsOf = (row: WireExposureRow | WireExposureSums): ReactNode[] => [
  ...[row.longLots, row.shortLots, row.netLots, row.grossLots].map(figure),
  row.currency,
  ...[row.notional, row.grossNotional].map(figure),
  <Result key="unrealized" amount={row.unrealized} />,
  ...[row.margin, row.accounts, row.workingOrders].map(figure),
];

/** Money that was won or lost: the sign says it, the colour of a loss only helps. */
export const Result = ({ amount }: { readonly amount: string }) => (
  <Box component="span" sx={{ color: signOf(amount) < 0 ? token("down") : "inherit" }}>
    {figure(amount)}
  </Box>
);

/** What a row stands for as something that can be stopped. Whole instruments are the operator's to stop. */
function targetOf(by: ExposureGrouping, group: string, isOperators: boolean): StopTarget | null {
  if (by === "instrument") return isOperators ? { scope: "instrument", id: group } : null;
  if (by === "partner") return { scope: "partner", id: group };
  return by === "agent" && group !== "" ? { scope: "agent", id: group } : null;
}

function Groupings({ by, isOperators, change }: Pick<Props, "isOperators" | "change"> & { by: ExposureGrouping }) {
  const translate = useTranslate();
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      color="primary"
      value={by}
      aria-label={translate("desk.exposureDesk.by")}
      onChange={(_event, chosen: ExposureGrouping | null) => chosen !== null && change({ by: chosen })}
      sx={{ flexWrap: "wrap" }}
    >
      {groupingsFor(isOperators).map((one) => (
        <ToggleButton key={one} value={one} sx={{ px: 1.25, py: 0.25, textTransform: "none", fontSize: 13 }}>
          {translate(`desk.exposureDesk.groupings.${one}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** What the view is narrowed to, each part to be taken away again. */
function Narrowed({ question, change }: Pick<Props, "question" | "change">) {
  const translate = useTranslate();
  const { tenantId, agentId, direct, assetClass, instrumentId } = question;
  const parts: [Narrowing, ReactNode][] = [
    ...(tenantId === undefined
      ? []
      : [["tenantId", <RefText key="t" field={toPartner} id={tenantId} isLink={false} />] as [Narrowing, ReactNode]]),
    ...(agentId === undefined
      ? []
      : [["agentId", <RefText key="a" field={toAgent} id={agentId} isLink={false} />] as [Narrowing, ReactNode]]),
    ...(direct === true
      ? [
          ["direct", translate(`desk.exposureDesk.${agentId === undefined ? "noAgent" : "direct"}`)] as [
            Narrowing,
            ReactNode,
          ],
        ]
      : []),
    ...(assetClass === undefined
      ? []
      : [["assetClass", <ClassName key="c" name={assetClass} />] as [Narrowing, ReactNode]]),
    ...(instrumentId === undefined ? [] : [["instrumentId", instrumentId] as [Narrowing, ReactNode]]),
  ];
  return parts.map(([name, label]) => (
    <Chip
      key={name}
      size="small"
      label={label}
      onDelete={() => change({ [name]: "" })}
      title={translate("desk.exposureDesk.remove")}
    />
  ));
}
