import { Alert, Box, Button, Card, MenuItem, TextField, Typography } from "@mui/material";
import { type FormEvent, useState } from "react";
import { type RaRecord, useNotify, useRefresh, useTranslate } from "react-admin";
import { type StatementFormat, type StatementReply, statementFormats, statementReply } from "#contracts/bank-api.ts";
import { failureOf, sendFile } from "../providers/http.ts";
import { token } from "../theme/tokens.ts";
import { FileButton } from "./file-button.tsx";
import { useMay } from "./hooks.ts";

interface Wanted {
  readonly file: File | null;
  readonly format: StatementFormat;
  readonly opening: string;
  readonly closing: string;
}

/** Hands in a bank's statement: tried first, with everything that is wrong with it, then taken. */
export function StatementImport({ record }: { readonly record: RaRecord }) {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const may = useMay();
  const [wanted, setWanted] = useState<Wanted>({ file: null, format: "camt053", opening: "", closing: "" });
  const [report, setReport] = useState<StatementReply | null>(null);
  if (!may("bank-accounts", "export")) return null;
  const change = (part: Partial<Wanted>): void => {
    setWanted({ ...wanted, ...part });
    setReport(null);
  };
  const isReady = report !== null && report.statementId === null && report.errors.length === 0;
  const hand = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wanted.file === null) return;
    try {
      const query = queryOf(wanted, !isReady);
      const told = statementReply.parse(
        await sendFile(`bank-accounts/${encodeURIComponent(String(record.id))}/statements?${query}`, wanted.file),
      );
      setReport(told);
      if (told.statementId !== null) refresh();
    } catch (error) {
      notify(failureOf(error).message, { type: "warning" });
    }
  };
  return (
    <Card component="section" aria-label={translate("desk.statement.title")} sx={{ p: 2, minWidth: 0 }}>
      <Typography variant="h2">{translate("desk.statement.title")}</Typography>
      <Box
        component="form"
        onSubmit={(event) => void hand(event)}
        sx={{ display: "flex", flexWrap: "wrap", gap: 2, mt: 1, alignItems: "center" }}
      >
        <Choices wanted={wanted} change={change} />
        <Button type="submit" variant={isReady ? "contained" : "outlined"} disabled={wanted.file === null}>
          {translate(isReady ? "desk.statement.take" : "desk.statement.try")}
        </Button>
      </Box>
      {report !== null && <Report report={report} />}
    </Card>
  );
}

function queryOf({ format, opening, closing }: Wanted, isTrial: boolean): string {
  const query = new URLSearchParams({ format, dryRun: String(isTrial) });
  if (format === "csv") {
    query.set("opening", opening.trim());
    query.set("closing", closing.trim());
  }
  return query.toString();
}

function Choices({ wanted, change }: { readonly wanted: Wanted; readonly change: (part: Partial<Wanted>) => void }) {
  const translate = useTranslate();
  return (
    <>
      <TextField
        select
        size="small"
        label={translate("desk.statement.format")}
        value={wanted.format}
        onChange={(event) => change({ format: event.target.value as StatementFormat })}
      >
        {statementFormats.map((format) => (
          <MenuItem key={format} value={format}>
            {translate(`desk.statement.formats.${format}`)}
          </MenuItem>
        ))}
      </TextField>
      {wanted.format === "csv" &&
        (["opening", "closing"] as const).map((balance) => (
          <TextField
            key={balance}
            size="small"
            required
            label={translate(`desk.statement.${balance}`)}
            value={wanted[balance]}
            onChange={(event) => change({ [balance]: event.target.value })}
          />
        ))}
      <FileButton label={translate("desk.statement.file")} take={(file) => change({ file })} />
      <Typography variant="body2" sx={{ overflowWrap: "anywhere", color: token("textMuted") }}>
        {wanted.file?.name ?? translate("desk.statement.noFile")}
      </Typography>
    </>
  );
}

function Report({ report }: { readonly report: StatementReply }) {
  const translate = useTranslate();
  const { errors, statementId, ...counts } = report;
  const says = statementId !== null ? "taken" : errors.length === 0 ? "fine" : "wrong";
  return (
    <Alert severity={says === "wrong" ? "error" : "success"} sx={{ mt: 2 }}>
      {translate(`desk.statement.${says}`)} {translate("desk.statement.counts", counts)}
      <Box component="ul" sx={{ m: 0, pl: 2 }}>
        {errors.map(({ row, code, value, expected = "" }) => (
          <li key={`${row} ${code}`}>
            {row === null ? "" : `${translate("desk.statement.row", { row })} `}
            {translate(`desk.statement.errors.${code}`, { value, expected })}
          </li>
        ))}
      </Box>
    </Alert>
  );
}
