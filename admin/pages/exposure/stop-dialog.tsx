import {
  Alert,
  Box,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Radio,
  RadioGroup,
  TextField,
} from "@mui/material";
import { type SyntheticEvent, useState } from "react";
import { useDataProvider, useNotify, useTranslate } from "react-admin";
import { killModeLabels } from "#contracts/choices.ts";
import { type KillMode, type KillScope, killModes } from "#contracts/names.ts";
import killSwitches from "#contracts/resources/kill-switches.ts";
import { type Failure, failureOf } from "../../providers/http.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { RefText } from "../../resource-kit/ref-text.tsx";
import { FailureAlert } from "../../resource-kit/states.tsx";
import { GroupName, toAccount } from "./group-name.tsx";

/** Whom a kill switch would stop; everyone has no id. */
export interface StopTarget {
  readonly scope: KillScope;
  readonly id: string;
}

const reasonMax = 500;
const everyone = "ALL";

interface Props {
  readonly target: StopTarget;
  readonly close: () => void;
  readonly done: () => void;
}

/** How it stops, and why. */
interface Given {
  readonly mode: KillMode;
  readonly reason: string;
  readonly cancelWorking: boolean;
  /** Asked only of who stops everyone. */
  readonly confirmation: string;
}

/** Throws a kill switch: how, why, and for everyone a typed word. */
export function StopDialog({ target, close, done }: Props) {
  const translate = useTranslate();
  const [given, setGiven] = useState<Given>({
    ...{ mode: "close-only", reason: "", cancelWorking: false, confirmation: "" },
  });
  const isAll = target.scope === "all";
  const { isBusy, failure, run } = useThrow(target, done, close);
  const throwIt = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { confirmation, ...rest } = given;
    void run({ ...rest, reason: rest.reason.trim(), ...(isAll ? { confirmation } : {}) });
  };
  const isWhole = given.reason.trim() !== "" && (!isAll || given.confirmation === everyone);
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm" aria-labelledby="stop-title">
      <form onSubmit={throwIt}>
        <DialogTitle id="stop-title">
          {isAll ? translate("desk.exposureDesk.stopEveryone") : <StopTitle target={target} />}
        </DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2 }}>
          <StopFields given={given} isAll={isAll} set={(changes) => setGiven({ ...given, ...changes })} />
          {failure !== null && <FailureAlert failure={failure} />}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={close}>{translate("ra.action.cancel")}</Button>
          <Button type="submit" variant="contained" color="error" disabled={isBusy || !isWhole}>
            {translate("desk.exposureDesk.throw")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly given: Given;
  readonly isAll: boolean;
  readonly set: (changes: Partial<Given>) => void;
}

function StopFields({ given, isAll, set }: FieldsProps) {
  const translate = useTranslate();
  const say = useSay();
  const word = (key: string) => translate(`desk.exposureDesk.${key}`);
  const { fields } = killSwitches;
  return (
    <>
      <Box>
        <RadioGroup
          row
          aria-label={say(fields.mode.label)}
          value={given.mode}
          onChange={(event) => set({ mode: killModes.find((one) => one === event.target.value) ?? "halt" })}
        >
          {killModes.map((one) => (
            <FormControlLabel key={one} value={one} control={<Radio size="small" />} label={say(killModeLabels[one])} />
          ))}
        </RadioGroup>
        <Alert severity="warning" variant="outlined">
          {say(fields.mode.help)}
        </Alert>
      </Box>
      <TextField
        label={word("reason")}
        helperText={word("reasonHelp")}
        value={given.reason}
        onChange={(event) => set({ reason: event.target.value })}
        slotProps={{ htmlInput: { maxLength: reasonMax } }}
        required
        autoFocus
      />
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={given.cancelWorking}
            onChange={(event) => set({ cancelWorking: event.target.checked })}
          />
        }
        label={say(fields.cancelWorking.label)}
      />
      {isAll && (
        <TextField
          label={word("confirm")}
          value={given.confirmation}
          onChange={(event) => set({ confirmation: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 10, autoComplete: "off" } }}
          required
        />
      )}
    </>
  );
}

const targetField = {
  partner: "tenantId",
  agent: "agentId",
  instrument: "instrumentId",
  account: "accountId",
} as const;

function useThrow({ scope, id }: StopTarget, done: () => void, close: () => void) {
  const dataProvider = useDataProvider();
  const notify = useNotify();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async (given: object): Promise<void> => {
    setBusy(true);
    try {
      const whom = scope === "all" ? {} : { [targetField[scope]]: scope === "partner" ? Number(id) : id };
      await dataProvider.create("kill-switches", { data: { scope, ...whom, ...given } });
      notify("desk.exposureDesk.thrown", { type: "success" });
      done();
      close();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return { isBusy, failure, run };
}

function StopTitle({ target: { scope, id } }: Pick<Props, "target">) {
  const translate = useTranslate();
  // The sentence is the dictionary's, the name in it an element.
  const [before, after = ""] = translate("desk.exposureDesk.stopOne", { name: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      {scope === "account" ? (
        <RefText field={toAccount} id={id} isLink={false} />
      ) : (
        scope !== "all" && <GroupName by={scope} group={id} isBelow={false} />
      )}
      {after}
    </>
  );
}
