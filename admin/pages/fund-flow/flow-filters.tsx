import { MenuItem, TextField } from "@mui/material";
import { useTranslate } from "react-admin";
import type { FundFlowReply } from "#contracts/fund-flow.ts";
import transfers from "#contracts/resources/transfers.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { codeLabels } from "./flow-table.tsx";

interface Props {
  readonly reply: FundFlowReply | null;
  readonly search: URLSearchParams;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
}

/** Which book and currency, which days, and what for. */
export function FlowFilters({ reply, search, change }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const books = reply?.books ?? [];
  const dateInput = (name: "from" | "to") => (
    <TextField
      type="date"
      label={translate(`desk.filter.${name}`)}
      value={search.get(name) ?? ""}
      onChange={(event) => change({ [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 160 }}
    />
  );
  return (
    <>
      {books.length > 1 && (
        <TextField
          select
          label={translate("desk.fundFlow.purse")}
          value={`${reply?.book} ${reply?.currency}`}
          onChange={(event) => {
            const [book = "", currency = ""] = event.target.value.split(" ");
            change({ book, currency });
          }}
          sx={{ width: 150 }}
        >
          {books.map(({ book, currency }) => (
            <MenuItem key={`${book} ${currency}`} value={`${book} ${currency}`}>
              {translate(`desk.dashboard.books.${book}`)} {currency}
            </MenuItem>
          ))}
        </TextField>
      )}
      {dateInput("from")}
      {dateInput("to")}
      <TextField
        select
        label={translate("desk.fundFlow.code")}
        value={search.get("code") ?? ""}
        onChange={(event) => change({ code: event.target.value })}
        slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
        sx={{ width: 190 }}
      >
        <MenuItem value="">{translate("desk.filter.any")}</MenuItem>
        {transfers.fields.code.options.map((code) => (
          <MenuItem key={code} value={code}>
            {say(codeLabels[code])}
          </MenuItem>
        ))}
      </TextField>
    </>
  );
}
