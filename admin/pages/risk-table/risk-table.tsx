import { Alert, Box, Button, Card, Typography } from "@mui/material";
import { Title, useGetList, useGetOne, useTranslate } from "react-admin";
import { Link, useSearchParams } from "react-router-dom";
import { declarationNamed } from "../../declarations.ts";
import { useMay } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";
import { RecordPicker } from "../../resource-kit/record-picker.tsx";
import { ErrorState } from "../../resource-kit/states.tsx";
import { token } from "../../theme/tokens.ts";
import { SaveBar } from "./save-bar.tsx";
import { SettingTable } from "./setting-table.tsx";
import { useDrafted } from "./use-drafted.ts";
import { useLevelChanges } from "./use-level-changes.ts";
import { useRiskPath } from "./use-risk-path.ts";

/** The risk table as one trader inherits it, level by level, to be changed like a sheet: at once, or as a draft. */
export function RiskTable() {
  const translate = useTranslate();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const asked = new URLSearchParams(search);
  asked.delete("change");
  const trader = asked.get("trader") ?? "";
  const changeId = search.get("change");
  const { reply, error, again } = useRiskPath(trader === "" ? "" : asked.toString());
  const typed = useLevelChanges({ search: asked.toString(), levels: reply?.levels ?? [], changeId, again });
  const drafted = useDrafted(changeId, reply?.levels ?? []);
  const ask = (wanted: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(wanted))
      if (value === "") next.delete(name);
      else next.set(name, value);
    if (!next.has("instrument")) next.delete("object");
    setSearch(next);
  };
  return (
    <Box sx={{ py: 2, display: "grid", gap: 2, minWidth: 0 }}>
      <Title title={translate("desk.riskTable.title")} />
      <Card sx={{ p: 2, display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center" }}>
        <Pickers search={search} ask={ask} />
        {may("risk-changes", "list") && (
          <Button size="small" component={Link} to="/risk-changes" sx={{ ml: "auto" }}>
            {translate("desk.riskChange.allChanges")}
          </Button>
        )}
      </Card>
      {changeId !== null && <Drafting id={changeId} />}
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
            changes={typed.changes}
            drafted={drafted}
            fault={typed.fault}
            isReadOnly={!may("risk-limits", "update")}
            change={typed.change}
          />
          <SaveBar
            changes={typed.changes}
            says={typed.fault?.says ?? null}
            save={typed.save}
            draft={may("risk-changes", "create") ? typed.draft : null}
            isIntoDraft={changeId !== null}
            forget={typed.forget}
          />
        </>
      )}
    </Box>
  );
}

/** Which draft takes what is typed, and the way back to it. */
function Drafting({ id }: { readonly id: string }) {
  const translate = useTranslate();
  const { data } = useGetOne("risk-changes", { id }, { retry: false });
  return (
    <Alert
      severity="info"
      variant="outlined"
      action={
        <Button size="small" color="inherit" component={Link} to={`/risk-changes/${id}/show`}>
          {translate("desk.riskChange.backToDraft")}
        </Button>
      }
    >
      {translate("desk.riskChange.drafting", { name: data?.name ?? "" })}
    </Alert>
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
    <Picker
      label={translate(`desk.riskTable.${name}`)}
      value={value}
      options={options}
      choose={(chosen) => ask({ [name]: chosen })}
      width={200}
    />
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
