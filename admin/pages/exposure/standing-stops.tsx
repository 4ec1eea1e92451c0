import { Box, Button } from "@mui/material";
import { useTranslate } from "react-admin";
import killSwitches from "#contracts/resources/kill-switches.ts";
import { CommandButtons } from "../../resource-kit/command-buttons.tsx";
import { FieldView } from "../../resource-kit/field-view.tsx";
import { ErrorState } from "../../resource-kit/states.tsx";
import { Panel, PanelTable, PanelWords } from "../dashboard/panel.tsx";
import type { StopTarget } from "./stop-dialog.tsx";
import type { Stops } from "./use-stops.ts";

const fields = ["scope", "target", "targetBook", "mode", "reason", "thrownBy", "createdAt"] as const;

interface Props {
  readonly stops: Stops;
  /** Null: the viewer may not stop everybody. */
  readonly stopAll: ((target: StopTarget) => void) | null;
}

/** The kill switches in force: what they stop, who threw them, why and since when; who may, lifts them here. */
export function StandingStops({ stops, stopAll }: Props) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.exposureDesk.${key}`);
  const { records, error, again } = stops;
  const columns = [
    ...["whom", "mode", "why", "who", "since"].map((key) => ({ name: word(key), isFigure: false })),
    { name: "", isFigure: true },
  ];
  const rows = (records ?? []).map((record) => ({
    key: String(record.id),
    cells: [
      <Box key="whom">
        {fields.slice(0, 3).map((name) => (
          <Box key={name} component="span" sx={{ mr: 0.75 }}>
            {record[name] !== null && <FieldView name={name} field={killSwitches.fields[name]} record={record} />}
          </Box>
        ))}
      </Box>,
      ...fields
        .slice(3)
        .map((name) => <FieldView key={name} name={name} field={killSwitches.fields[name]} record={record} />),
      <CommandButtons key="lift" declaration={killSwitches} record={record} />,
    ],
  }));
  return (
    <Panel
      title={word("standing")}
      note={
        stopAll !== null && (
          <Button size="small" color="error" variant="outlined" onClick={() => stopAll({ scope: "all", id: "" })}>
            {word("stopAll")}
          </Button>
        )
      }
    >
      {error !== null && <ErrorState error={error} retry={again} />}
      {records !== undefined && rows.length === 0 && <PanelWords>{word("noneStands")}</PanelWords>}
      {rows.length > 0 && <PanelTable columns={columns} rows={rows} />}
    </Panel>
  );
}
