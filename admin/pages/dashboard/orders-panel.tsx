import { useTranslate } from "react-admin";
import type { WireOrder } from "#contracts/trading-api.ts";
import { declarationNamed } from "../../declarations.ts";
import { figure } from "../../format/figures.ts";
import { ChoiceText } from "../../resource-kit/choice-text.tsx";
import { Time } from "../../resource-kit/field-view.tsx";
import { IdLink } from "../../resource-kit/id-text.tsx";
import { Panel, PanelTable, PanelWords } from "./panel.tsx";

/** Orders as they come in and end, newest first: told only to the operator's own staff. */
export function OrdersPanel({ orders }: { readonly orders: readonly WireOrder[] }) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.dashboard.${key}`);
  const columns = [
    { name: word("order"), isFigure: false },
    { name: word("instrument"), isFigure: false },
    { name: word("side"), isFigure: false },
    { name: word("lots"), isFigure: true },
    { name: word("price"), isFigure: true },
    { name: word("state"), isFigure: false },
    { name: word("accepted"), isFigure: false },
  ];
  const rows = orders.map((order) => ({
    key: order.id,
    cells: [
      <IdLink key="id" id={order.id} to="orders" />,
      order.instrument,
      <Choice key="side" field="side" value={order.side} />,
      figure(order.lots),
      order.averageFillPrice === null ? "–" : figure(order.averageFillPrice),
      <Choice key="state" field="state" value={order.state} />,
      <Time key="at" iso={order.acceptedAt} />,
    ],
  }));
  return (
    <Panel title={word("orderFlow")}>
      {rows.length === 0 ? <PanelWords>{word("noOrders")}</PanelWords> : <PanelTable columns={columns} rows={rows} />}
    </Panel>
  );
}

function Choice({ field, value }: { readonly field: string; readonly value: string }) {
  const declared = declarationNamed("orders")?.fields[field];
  return declared?.kind === "choice" ? <ChoiceText field={declared} value={value} /> : value;
}
