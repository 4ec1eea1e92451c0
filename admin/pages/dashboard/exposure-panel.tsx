import { useTranslate } from "react-admin";
import type { DashboardReply } from "#contracts/dashboard.ts";
import type { Book } from "#contracts/names.ts";
import { figure } from "../../format/figures.ts";
import { Panel, PanelTable, PanelWords } from "./panel.tsx";

interface Props {
  readonly exposure: DashboardReply["exposure"];
  readonly book: Book;
}

/** What would move with each instrument's price: open lots of all traders, long and short. */
export function ExposurePanel({ exposure, book }: Props) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.dashboard.${key}`);
  const columns = [
    { name: word("instrument"), isFigure: false },
    ...["longLots", "shortLots", "netLots", "notional", "positions"].map((key) => ({
      name: word(key),
      isFigure: true,
    })),
  ];
  const rows = exposure.map((line) => ({
    key: `${line.instrumentId} ${line.currency}`,
    cells: [
      <strong key="name">{line.instrumentId}</strong>,
      figure(line.longLots),
      figure(line.shortLots),
      figure(line.netLots),
      line.notional === null ? "–" : `${figure(line.notional)} ${line.currency}`,
      figure(line.positions),
    ],
  }));
  return (
    <Panel title={word("exposureByInstrument")} note={word(`books.${book}`)}>
      {rows.length === 0 ? <PanelWords>{word("noExposure")}</PanelWords> : <PanelTable columns={columns} rows={rows} />}
    </Panel>
  );
}
