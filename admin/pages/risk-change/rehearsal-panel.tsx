import { Alert, Box, Skeleton } from "@mui/material";
import { useState } from "react";
import { type RaRecord, useTranslate } from "react-admin";
import { bookLabels } from "#contracts/choices.ts";
import type { Book } from "#contracts/names.ts";
import type { ChangeSheetReply } from "#contracts/risk-change-api.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import { unplayedSettings } from "#contracts/risk-names.ts";
import { timeText } from "../../format/times.ts";
import { useSay, useScreenLocale } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";
import { ErrorState } from "../../resource-kit/states.tsx";
import { Panel, PanelWords } from "../dashboard/panel.tsx";
import { isSame } from "../risk-table/cell-text.ts";
import { PeriodForm } from "./period-form.tsx";
import { RehearsalProgress } from "./rehearsal-progress.tsx";
import { useRehearsals } from "./use-rehearsals.ts";
import { WhatIfView } from "./what-if-view.tsx";

interface Props {
  readonly record: RaRecord;
  readonly sheet: ChangeSheetReply;
  readonly mayAsk: boolean;
}

/** Plays the change through recorded orders, tells how far it is and what came of it, beside what came of it before. */
export function RehearsalPanel({ record, sheet, mayAsk }: Props) {
  const translate = useTranslate();
  const { rehearsals, error, underWay, again } = useRehearsals(String(record.id));
  const [chosen, setChosen] = useState("");
  if (error !== null) return <ErrorState error={error} retry={again} />;
  const done = (rehearsals ?? []).filter(({ state }) => state === "done");
  const failed = rehearsals?.[0]?.state === "failed" ? rehearsals[0] : null;
  const shown = done.find(({ id }) => id === chosen) ?? done[0];
  return (
    <>
      <Panel title={translate("desk.riskChange.rehearsal")} note={translate("desk.riskChange.rehearsalNote")}>
        {mayAsk && (
          <PeriodForm
            changeId={String(record.id)}
            isReady={sheet.lines.length > 0 && underWay === null}
            asked={() => {
              setChosen("");
              again();
            }}
          />
        )}
        <Unplayed sheet={sheet} />
        {rehearsals === undefined && <Skeleton variant="rounded" height={72} sx={{ m: 2 }} />}
        {underWay !== null && <RehearsalProgress rehearsal={underWay} />}
        {failed !== null && (
          <Alert severity="error" sx={{ mx: 2, mb: 2 }}>
            {translate("desk.riskChange.failed", { failure: failed.failure })}
          </Alert>
        )}
        {rehearsals?.length === 0 && <PanelWords>{translate("desk.riskChange.neverRehearsed")}</PanelWords>}
      </Panel>
      {shown !== undefined && <Result sheet={sheet} done={done} shown={shown} choose={setChosen} />}
    </>
  );
}

/** Which of its settings a rehearsal can't tell anything about. */
function Unplayed({ sheet }: Pick<Props, "sheet">) {
  const translate = useTranslate();
  const say = useSay();
  const changed = sheet.lines.flatMap(({ settings }) => settings.filter(({ own, drafted }) => !isSame(own, drafted)));
  const names = unplayedSettings.filter((name) => changed.some((one) => one.name === name));
  if (names.length === 0) return null;
  const settings = names.map((name) => say(riskSettingFields[name].label)).join(translate("desk.comma"));
  return (
    <Alert severity="info" sx={{ mx: 2, mb: 2 }}>
      {translate("desk.riskChange.unplayed", { settings })}
    </Alert>
  );
}

interface ResultProps {
  readonly sheet: ChangeSheetReply;
  /** Newest first. */
  readonly done: readonly RaRecord[];
  readonly shown: RaRecord;
  readonly choose: (id: string) => void;
}

/** What came of one of the rehearsals, beside the one before it. */
function Result({ sheet, done, shown, choose }: ResultProps) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const nameOf = useRehearsalName();
  const before = done[done.indexOf(shown) + 1];
  const optionOf = (one: RaRecord) =>
    [String(one.id), `${timeText(String(one.createdAt), locale)} · ${nameOf(one)}`] as const;
  return (
    <Panel title={translate("desk.whatIf.title")} note={nameOf(shown)}>
      {!sheet.rehearsedAsItIs.includes(String(shown.id)) && (
        <Alert severity="warning" sx={{ mx: 2, mb: 1 }}>
          {translate("desk.riskChange.changedSince")}
        </Alert>
      )}
      {done.length > 1 && (
        <Box sx={{ px: 2, pb: 1 }}>
          <Picker
            label={translate("desk.riskChange.which")}
            value={String(shown.id)}
            options={done.map(optionOf)}
            choose={choose}
            width={620}
          />
        </Box>
      )}
      <WhatIfView
        value={shown.result}
        before={before?.result}
        beforeName={before === undefined ? "" : nameOf(before)}
      />
    </Panel>
  );
}

/** "Live, 21 Nov 2026, 00:00:00 – 22 Nov 2026, 00:00:00": what was played. */
function useRehearsalName(): (rehearsal: RaRecord) => string {
  const say = useSay();
  const locale = useScreenLocale();
  return ({ book, fromAt, toAt }) => {
    const [from, to] = [timeText(String(fromAt), locale), timeText(String(toAt), locale)];
    return `${say(bookLabels[book as Book])} · ${from} – ${to}`;
  };
}
