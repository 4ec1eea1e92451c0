import { Box, Button } from "@mui/material";
import { useTranslate } from "react-admin";
import killSwitches from "#contracts/resources/kill-switches.ts";
import { ChoiceText } from "../../resource-kit/choice-text.tsx";
import type { StopTarget } from "./stop-dialog.tsx";
import { modeOf, type Stops } from "./use-stops.ts";

interface Props {
  readonly target: StopTarget;
  readonly stops: Stops;
  /** Null: the viewer may stop nobody. */
  readonly stop: ((target: StopTarget) => void) | null;
}

/** Whether a row's target is stopped, and the button that stops it. */
export function StopButton({ target, stops, stop }: Props) {
  const translate = useTranslate();
  const mode = modeOf(stops, target);
  return (
    <Box component="span" sx={{ display: "inline-flex", gap: 1, alignItems: "center", whiteSpace: "nowrap" }}>
      {mode !== null && <ChoiceText field={killSwitches.fields.mode} value={mode} />}
      {stop !== null && mode !== "halt" && (
        <Button size="small" color="error" sx={{ py: 0 }} onClick={() => stop(target)}>
          {translate("desk.exposureDesk.stop")}
        </Button>
      )}
    </Box>
  );
}
