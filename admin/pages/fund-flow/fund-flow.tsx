import { Box, Button, Card, Skeleton, Typography } from "@mui/material";
import { Title, useTranslate } from "react-admin";
import { useSearchParams } from "react-router-dom";
import { type FundFlowSubject, fundFlowSubjectNames } from "#contracts/fund-flow.ts";
import { ErrorState } from "../../resource-kit/states.tsx";
import { token } from "../../theme/tokens.ts";
import { Panel, PanelWords } from "../dashboard/panel.tsx";
import { FlowFilters } from "./flow-filters.tsx";
import { FlowTable } from "./flow-table.tsx";
import { PeriodPanel } from "./period-panel.tsx";
import { SubjectPicker } from "./subject-picker.tsx";
import { type FundFlowState, useFundFlow } from "./use-fund-flow.ts";

/** Everything that moved money for somebody. The address holds what is asked, so that a colleague can be sent it. */
export function FundFlow() {
  const translate = useTranslate();
  const [search, setSearch] = useSearchParams();
  const of = subjectIn(search);
  const id = search.get("id") ?? "";
  const flow = useFundFlow(id === "" ? "" : search.toString());
  const change = (changes: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes))
      if (value === "") next.delete(name);
      else next.set(name, value);
    setSearch(next);
  };
  const choose = (subject: FundFlowSubject, chosen: string): void =>
    change({ of: subject, id: chosen, book: "", currency: "" });
  return (
    <Box sx={{ py: 2, display: "grid", gap: 2, minWidth: 0 }}>
      <Title title={translate("desk.fundFlow.title")} />
      <Card sx={{ p: 2, display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center" }}>
        <SubjectPicker of={of} id={id} choose={choose} />
        <FlowFilters reply={flow.reply} search={search} change={change} />
      </Card>
      {id === "" ? (
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {translate("desk.fundFlow.help")}
        </Typography>
      ) : (
        <Flow flow={flow} />
      )}
    </Box>
  );
}

function subjectIn(search: URLSearchParams): FundFlowSubject {
  const asked = search.get("of");
  return fundFlowSubjectNames.find((name) => name === asked) ?? "trader";
}

function Flow({ flow }: { readonly flow: FundFlowState }) {
  const translate = useTranslate();
  const { reply, rows, next, isBusy, error } = flow;
  if (error !== null) return <ErrorState error={error} retry={flow.again} />;
  if (reply === null) return <Skeleton variant="rounded" height={320} />;
  if (reply.currency === null) return <PanelWords>{translate("desk.fundFlow.noAccounts")}</PanelWords>;
  return (
    <>
      {reply.period !== null && <PeriodPanel period={reply.period} currency={reply.currency} />}
      <Panel title={translate("desk.fundFlow.entriesTitle")} note={translate("desk.fundFlow.balanceHelp")}>
        {rows.length === 0 ? (
          <PanelWords>{translate("desk.fundFlow.nothingMoved")}</PanelWords>
        ) : (
          <FlowTable rows={rows} />
        )}
        {next !== null && (
          <Button sx={{ m: 1 }} disabled={isBusy} onClick={flow.more}>
            {translate("desk.fundFlow.older")}
          </Button>
        )}
      </Panel>
    </>
  );
}
