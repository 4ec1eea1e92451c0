import { Skeleton } from "@mui/material";
import type { RaRecord } from "react-admin";
import riskChanges from "#contracts/resources/risk-changes.ts";
import { mayCommand } from "../../providers/permissions.ts";
import { useSession } from "../../resource-kit/hooks.ts";
import { ErrorState } from "../../resource-kit/states.tsx";
import { BreachesPanel } from "./breaches-panel.tsx";
import { LinesPanel } from "./lines-panel.tsx";
import { RehearsalPanel } from "./rehearsal-panel.tsx";
import { useChangeSheet } from "./use-change-sheet.ts";
import { WhatNow } from "./what-now.tsx";

/** The workbench of a change of the risk table: its lines beside what is in force, what it would have done, and what stops it. */
export function ChangeBench({ record }: { readonly record: RaRecord }) {
  const session = useSession();
  const { sheet, error, again } = useChangeSheet(String(record.id));
  if (error !== null) return <ErrorState error={error} retry={again} />;
  if (sheet === null || session === undefined) return <Skeleton variant="rounded" height={280} />;
  const mayWrite = mayCommand(riskChanges.commands["set-line"], session);
  const isOpen = record.state === "draft" || record.state === "proposed";
  return (
    <>
      <WhatNow record={record} sheet={sheet} />
      <LinesPanel record={record} sheet={sheet} isReadOnly={!mayWrite || record.state !== "draft"} />
      {isOpen && sheet.lines.length > 0 && (
        <BreachesPanel changeId={sheet.change} lineIds={sheet.lines.map(({ id }) => id)} />
      )}
      <RehearsalPanel record={record} sheet={sheet} mayAsk={mayWrite} />
    </>
  );
}
