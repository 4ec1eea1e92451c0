import { Box, Card, MenuItem, TextField, Typography } from "@mui/material";
import { useEffect, useState } from "react";
import { Title, useGetList, useTranslate } from "react-admin";
import { useSearchParams } from "react-router-dom";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { declarationNamed } from "../../declarations.ts";
import { failureOf } from "../../providers/http.ts";
import { useMay, useSentence } from "../../resource-kit/hooks.ts";
import { RecordPicker } from "../../resource-kit/record-picker.tsx";
import { ErrorState } from "../../resource-kit/states.tsx";
import { token } from "../../theme/tokens.ts";
import { SaveBar } from "./save-bar.tsx";
import { type CellChange, SettingTable } from "./setting-table.tsx";
import { type ChangeNote, type LineChanges, saveLevel, settingAtFault, useRiskPath } from "./use-risk-path.ts";

/** By level's place. */
export type Changes = Readonly<Record<number, LineChanges>>;

/** The risk table as one trader inherits it, level by level, to be changed like a sheet. */
export function RiskTable() {
  const translate = useTranslate();
  const say = useSentence();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const trader = search.get("trader") ?? "";
  const { reply, error, again } = useRiskPath(trader === "" ? "" : search.toString());
  const [changes, setChanges] = useState<Changes>({});
  const [fault, setFault] = useState<{ level: number; name: RiskSetting | null; says: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed belongs to the trader and object that were asked for.
  useEffect(() => {
    setChanges({});
    setFault(null);
  }, [search.toString()]);
  const ask = (asked: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(asked))
      if (value === "") next.delete(name);
      else next.set(name, value);
    if (!next.has("instrument")) next.delete("object");
    setSearch(next);
  };
  const change = ({ level, name, value }: CellChange): void =>
    setChanges((before) => ({ ...before, [level]: { ...before[level], [name]: value } }));
  const save = async (note: ChangeNote): Promise<void> => {
    setFault(null);
    for (const [place, line] of Object.entries(changes)) {
      const level = Number(place);
      const at = reply?.levels[level];
      if (at === undefined) continue;
      try {
        await saveLevel(at, line, note);
      } catch (failure) {
        setFault({ level, name: settingAtFault(failure, line), says: say(failureOf(failure).message) });
        again();
        return;
      }
      setChanges(({ [level]: _saved, ...left }) => left);
    }
    again();
  };
  return (
    <Box sx={{ py: 2, display: "grid", gap: 2, minWidth: 0 }}>
      <Title title={translate("desk.riskTable.title")} />
      <Card sx={{ p: 2, display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center" }}>
        <Pickers search={search} ask={ask} />
      </Card>
      {trader === "" && (
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {translate("desk.riskTable.help")}
        </Typography>
      )}
      {error !== null && <ErrorState error={error} retry={again} />}
      {reply !== null && error === null && (
        <>
          <SettingTable
            levels={reply.levels}
            changes={changes}
            fault={fault}
            isReadOnly={!may("risk-limits", "update")}
            change={change}
          />
          <SaveBar changes={changes} says={fault?.says ?? null} save={save} forget={() => setChanges({})} />
        </>
      )}
    </Box>
  );
}

interface PickersProps {
  readonly search: URLSearchParams;
  readonly ask: (asked: Readonly<Record<string, string>>) => void;
}

/** Whose way of inheritance, and which lines of it. */
function Pickers({ search, ask }: PickersProps) {
  const translate = useTranslate();
  const traders = declarationNamed("traders");
  const instrument = search.get("instrument") ?? "";
  const { data: instruments = [] } = useGetList("instruments", {
    ...{ pagination: { page: 1, perPage: 200 }, sort: { field: "id", order: "ASC" } },
  });
  const select = (name: string, value: string, options: readonly (readonly [value: string, says: string])[]) => (
    <TextField
      select
      label={translate(`desk.riskTable.${name}`)}
      value={options.some(([one]) => one === value) ? value : ""}
      onChange={(event) => ask({ [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
      sx={{ width: 200 }}
    >
      {options.map(([one, says]) => (
        <MenuItem key={one} value={one}>
          {says}
        </MenuItem>
      ))}
    </TextField>
  );
  const ids = instruments.map(({ id }) => [String(id), String(id)] as const);
  const objects = (["everything", "class", "instrument"] as const).map(
    (one) => [one, translate(`desk.riskTable.objects.${one}`, { instrument })] as const,
  );
  return (
    <>
      {traders !== undefined && (
        <RecordPicker
          declaration={traders}
          label={translate("desk.riskTable.trader")}
          id={search.get("trader") ?? ""}
          choose={(trader) => ask({ trader })}
        />
      )}
      {select("instrument", instrument, [["", translate("desk.riskTable.wholeAccount")], ...ids])}
      {instrument !== "" && select("object", search.get("object") ?? "everything", objects)}
    </>
  );
}
