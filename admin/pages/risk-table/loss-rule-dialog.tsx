import { Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { lossActions, lossBases, lossMeasures, lossUnits, trailingModes } from "#contracts/loss-names.ts";
import type { LossRuleWire } from "#contracts/loss-rule.ts";
import type { LossSetting } from "#contracts/risk-names.ts";

interface Props {
  readonly name: LossSetting;
  readonly label: string;
  readonly value: LossRuleWire | null;
  /** Null: the rule is taken away, and the next wider one holds. */
  readonly done: (value: LossRuleWire | null) => void;
  readonly cancel: () => void;
}

const begin = (name: LossSetting): LossRuleWire => ({
  ...{ amount: "", unit: "money", base: "balance-at-reset", measure: "equity", resetTime: "17:00" },
  resetZone: "America/Chicago",
  ...(name.startsWith("weekly") ? { resetWeekday: 0 } : {}),
  ...(name === "trailingDrawdown" ? { trailing: "end-of-day" as const } : {}),
  action: name.endsWith("Alert")
    ? "alert"
    : name === "trailingDrawdown"
      ? "flatten-until-lifted"
      : "flatten-until-reset",
});

/** The form of one loss limit or profit trigger. A rule is set or inherited whole. */
export function LossRuleDialog({ name, label, value, done, cancel }: Props) {
  const translate = useTranslate();
  const [rule, setRule] = useState<LossRuleWire>(value ?? begin(name));
  const set = (change: Partial<LossRuleWire>) => setRule((before) => ({ ...before, ...change }));
  return (
    <Dialog open onClose={cancel} aria-labelledby="loss-rule">
      <DialogTitle id="loss-rule">{label}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 1.5, pt: "8px !important", minWidth: { sm: 380 } }}>
        <RuleFields name={name} rule={rule} set={set} />
      </DialogContent>
      <DialogActions>
        {value !== null && <Button onClick={() => done(null)}>{translate("desk.riskTable.inherit")}</Button>}
        <Button onClick={cancel}>{translate("ra.action.cancel")}</Button>
        <Button variant="contained" onClick={() => done(rule)}>
          {translate("desk.riskTable.take")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface FieldsProps {
  readonly name: LossSetting;
  readonly rule: LossRuleWire;
  readonly set: (change: Partial<LossRuleWire>) => void;
}

function RuleFields({ name, rule, set }: FieldsProps) {
  const translate = useTranslate();
  const text = (field: "amount" | "resetTime" | "resetZone" | "lockAt") => (
    <TextField
      label={translate(`desk.riskTable.rule.${field}`)}
      value={rule[field] ?? ""}
      onChange={({ target }) => set({ [field]: target.value === "" && field === "lockAt" ? null : target.value })}
    />
  );
  const choice = (field: string, chosen: string | number, options: readonly (string | number)[], of = "of") => (
    <TextField
      select
      label={translate(`desk.riskTable.rule.${field}`)}
      value={chosen}
      onChange={({ target }) => set({ [field]: target.value } as Partial<LossRuleWire>)}
    >
      {options.map((option) => (
        <MenuItem key={option} value={option}>
          {translate(`desk.riskTable.rule.${of}.${option}`)}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <>
      {text("amount")}
      {choice("unit", rule.unit, lossUnits)}
      {choice("base", rule.base, lossBases)}
      {choice("measure", rule.measure, lossMeasures)}
      {text("resetTime")}
      {text("resetZone")}
      {name.startsWith("weekly") && choice("resetWeekday", rule.resetWeekday ?? 0, [0, 1, 2, 3, 4, 5, 6], "days")}
      {name === "trailingDrawdown" && choice("trailing", rule.trailing ?? "end-of-day", trailingModes)}
      {name === "trailingDrawdown" && text("lockAt")}
      {choice("action", rule.action, lossActions)}
    </>
  );
}
