import { Alert } from "@mui/material";
import { useTranslate } from "react-admin";
import type { StressReply } from "#contracts/stress.ts";
import { figure } from "../../../format/figures.ts";
import { timeText } from "../../../format/times.ts";
import { useScreenLocale } from "../../../resource-kit/hooks.ts";
import { RefText } from "../../../resource-kit/ref-text.tsx";
import { Panel, PanelTable, PanelWords } from "../../dashboard/panel.tsx";
import { Result } from "../exposure-panel.tsx";
import { toPartner } from "../group-name.tsx";
import { HouseChart } from "./house-chart.tsx";
import { StoppedOut } from "./stopped-out.tsx";

/** What the shocks would do: to the house in all, by instrument and partner, and to whom they stop out. */
export function StressResult({ reply }: { readonly reply: StressReply }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const word = (key: string, more = {}) => translate(`desk.stressBench.${key}`, more);
  const at = translate("desk.exposureDesk.at", { at: timeText(reply.at, locale) });
  if (reply.accounts === 0) return <PanelWords>{word("empty")}</PanelWords>;
  return (
    <>
      {reply.unpriced > 0 && <Alert severity="warning">{word("unpriced", { count: reply.unpriced })}</Alert>}
      <Panel title={word("house")} note={at}>
        <Totals reply={reply} />
      </Panel>
      <Panel title={word("byInstrument")}>
        {reply.totals.map(({ currency }) => (
          <HouseChart key={currency} currency={currency} instruments={reply.instruments} />
        ))}
        <Instruments instruments={reply.instruments} />
      </Panel>
      <Panel title={word("byPartner")}>
        <Partners partners={reply.partners} />
      </Panel>
      <StoppedOut reply={reply} />
    </>
  );
}

const figureColumns = (names: readonly string[]) => names.map((name) => ({ name, isFigure: true }));

interface HouseMoney {
  readonly market: string;
  readonly fees: string;
  readonly madeGood: string;
  readonly net: string;
}
const houseNames = ["market", "fees", "madeGood", "net"] as const;
const houseCells = (money: HouseMoney) => [
  <Result key="market" amount={money.market} />,
  figure(money.fees),
  figure(money.madeGood),
  <strong key="net">
    <Result amount={money.net} />
  </strong>,
];

function Totals({ reply }: { readonly reply: StressReply }) {
  const translate = useTranslate();
  const word = (key: string, more = {}) => translate(`desk.stressBench.${key}`, more);
  const columns = [
    { name: translate("desk.exposureDesk.currency"), isFigure: false },
    ...figureColumns([...houseNames, "stoppedOut", "equityBefore", "equityAfter"].map((key) => word(key))),
  ];
  const rows = reply.totals.map((total) => ({
    key: total.currency,
    cells: [
      total.currency,
      ...houseCells(total),
      word("ofAccounts", { count: figure(total.stoppedOut), all: figure(total.accounts) }),
      figure(total.equityBefore),
      figure(total.equityAfter),
    ],
  }));
  return <PanelTable columns={columns} rows={rows} />;
}

function Instruments({ instruments }: Pick<StressReply, "instruments">) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.stressBench.${key}`);
  const desk = (key: string) => translate(`desk.exposureDesk.${key}`);
  const columns = [
    { name: word("targets.instrument"), isFigure: false },
    ...figureColumns([word("move"), word("before"), word("after"), desk("long"), desk("short"), word("closed")]),
    ...figureColumns([word("market")]),
    { name: desk("currency"), isFigure: false },
  ];
  const rows = instruments.map((one) => ({
    key: `${one.instrumentId} ${one.currency}`,
    cells: [
      <strong key="name">{one.instrumentId}</strong>,
      figure(one.percent),
      figure(one.bidBefore ?? "–"),
      figure(one.bidAfter ?? "–"),
      figure(one.longLots),
      figure(one.shortLots),
      figure(one.closedLots),
      <Result key="market" amount={one.market} />,
      one.currency,
    ],
  }));
  return <PanelTable columns={columns} rows={rows} />;
}

function Partners({ partners }: Pick<StressReply, "partners">) {
  const translate = useTranslate();
  const word = (key: string, more = {}) => translate(`desk.stressBench.${key}`, more);
  const columns = [
    { name: translate("desk.exposureDesk.partner"), isFigure: false },
    { name: translate("desk.exposureDesk.currency"), isFigure: false },
    ...figureColumns([...houseNames, "stoppedOut"].map((key) => word(key))),
  ];
  const rows = partners.map((one) => ({
    key: `${one.tenantId} ${one.currency}`,
    cells: [
      <RefText key="name" field={toPartner} id={one.tenantId} />,
      one.currency,
      ...houseCells(one),
      word("ofAccounts", { count: figure(one.stoppedOut), all: figure(one.accounts) }),
    ],
  }));
  return <PanelTable columns={columns} rows={rows} />;
}
