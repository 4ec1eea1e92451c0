import { Box, Link } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import type { Label } from "#contracts/field.ts";
import type { FundFlowReply } from "#contracts/fund-flow.ts";
import transfers from "#contracts/resources/transfers.ts";
import { figure, signOf } from "../../format/figures.ts";
import { DateOnly, Time } from "../../resource-kit/field-view.tsx";
import { useMay, useSay } from "../../resource-kit/hooks.ts";
import { IdLink } from "../../resource-kit/id-text.tsx";
import { useLedgerKindWords } from "../../resource-kit/ledger-kind-words.ts";
import { token } from "../../theme/tokens.ts";
import { type Column, PanelTable } from "../dashboard/panel.tsx";

type Row = FundFlowReply["rows"][number];

export const codeLabels: Readonly<Record<Row["code"], Label>> = transfers.fields.code.optionLabels;

/** What moved, newest first, each with the balance after it. */
export function FlowTable({ rows }: { readonly rows: readonly Row[] }) {
  const translate = useTranslate();
  const say = useSay();
  const may = useMay();
  const kindWords = useLedgerKindWords();
  const names = ["postedAt", "bookDate", "code", "account", "other", "amount", "balance", "memo"] as const;
  const columns: Column[] = names.map((name) => ({
    name: translate(`desk.fundFlow.${name}`),
    isFigure: name === "amount" || name === "balance",
  }));
  const cellsOf = (row: Row) => [
    <Time key="at" iso={row.postedAt} />,
    <DateOnly key="date" date={row.bookDate} />,
    may("transfers", "list") ? (
      <Link
        key="code"
        component={RouterLink}
        underline="hover"
        to={`/transfers?filter=${encodeURIComponent(JSON.stringify({ groupId: row.groupId }))}`}
      >
        {say(codeLabels[row.code])}
      </Link>
    ) : (
      say(codeLabels[row.code])
    ),
    row.accountId === null ? kindWords(row.kind) : <IdLink key="account" id={row.accountId} to="accounts" />,
    kindWords(row.otherKind),
    <Signed key="amount" amount={row.amount} />,
    figure(row.balance),
    <Memo key="memo" text={row.memo ?? ""} />,
  ];
  return <PanelTable columns={columns} rows={rows.map((row) => ({ key: row.id, cells: cellsOf(row) }))} />;
}

/** A loss differs by its sign first and by its colour second. */
export function Signed({ amount }: { readonly amount: string }) {
  return (
    <Box component="span" sx={{ whiteSpace: "nowrap", color: signOf(amount) < 0 ? token("down") : "inherit" }}>
      {signOf(amount) > 0 ? `+${figure(amount)}` : figure(amount)}
    </Box>
  );
}

function Memo({ text }: { readonly text: string }) {
  return (
    <Box
      component="span"
      title={text}
      sx={{ display: "block", maxWidth: 260, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
    >
      {text}
    </Box>
  );
}
