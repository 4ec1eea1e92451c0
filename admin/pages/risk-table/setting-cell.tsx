import { Box, ButtonBase, InputBase, MenuItem, Select } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import type { LossRuleWire } from "#contracts/loss-rule.ts";
import { type LossSetting, type RiskSetting, riskSettings } from "#contracts/risk-names.ts";
import { figure } from "../../format/figures.ts";
import { token } from "../../theme/tokens.ts";
import { textOf, typedValue } from "./cell-text.ts";
import { LossRuleDialog } from "./loss-rule-dialog.tsx";

interface Props {
  readonly name: RiskSetting;
  /** The setting and the level, for whoever can't see the table. */
  readonly label: string;
  /** What the line says, with what was changed on screen; null: it says nothing. */
  readonly value: unknown;
  /** What holds here if the line says nothing; null: nothing does. */
  readonly inherited: unknown;
  readonly isChanged: boolean;
  readonly fault: boolean;
  readonly isReadOnly: boolean;
  readonly change: (value: unknown) => void;
}

/** A cell of the table: the line's own value, or in grey what it inherits. Typed in like a sheet; empty inherits. */
export function SettingCell(props: Props) {
  const { name, value, inherited, isReadOnly } = props;
  const say = useToldValue(name);
  const hint = inherited === null ? "" : say(inherited);
  if (isReadOnly)
    return <Box sx={{ ...lookOf(props), overflowWrap: "anywhere" }}>{value === null ? hint : say(value)}</Box>;
  if (riskSettings[name].kind === "flag") return <FlagCell {...props} hint={hint} />;
  if (riskSettings[name].kind === "loss-rule") return <RuleCell {...props} hint={hint} />;
  return <TypedCell {...props} hint={hint} />;
}

interface Hinted extends Props {
  /** What is inherited, as it is read. */
  readonly hint: string;
}

const lookOf = ({ value, isChanged, fault }: Props) => ({
  ...{ minHeight: 30, px: 1, width: "100%", fontVariantNumeric: "tabular-nums", fontSize: 13 },
  textAlign: "right" as const,
  fontWeight: value === null ? 400 : 600,
  color: value === null ? token("textMuted") : token("text"),
  bgcolor: isChanged ? token("surfaceSunken") : "transparent",
  outline: fault ? `2px solid ${token("danger")}` : isChanged ? `1px solid ${token("accent")}` : "none",
});

function FlagCell(props: Hinted) {
  const { label, value, hint, change } = props;
  const translate = useTranslate();
  return (
    <Select
      variant="standard"
      disableUnderline
      displayEmpty
      value={value === null ? "" : String(value)}
      onChange={(event) => change(event.target.value === "" ? null : event.target.value === "true")}
      inputProps={{ "aria-label": label }}
      sx={lookOf(props)}
    >
      <MenuItem value="">{hint === "" ? "–" : hint}</MenuItem>
      <MenuItem value="true">{translate("ra.boolean.true")}</MenuItem>
      <MenuItem value="false">{translate("ra.boolean.false")}</MenuItem>
    </Select>
  );
}

function RuleCell(props: Hinted) {
  const { name, label, value, inherited, hint, change } = props;
  const [isOpen, setOpen] = useState(false);
  const say = useToldValue(name);
  const shown = value === null ? hint || "–" : say(value);
  return (
    <>
      <ButtonBase
        aria-label={`${label}: ${shown}`}
        onClick={() => setOpen(true)}
        sx={{ ...lookOf(props), justifyContent: "flex-end" }}
      >
        {shown}
      </ButtonBase>
      {isOpen && (
        <LossRuleDialog
          name={name as LossSetting}
          label={label}
          value={(value ?? inherited) as LossRuleWire | null}
          done={(rule) => {
            setOpen(false);
            change(rule);
          }}
          cancel={() => setOpen(false)}
        />
      )}
    </>
  );
}

function TypedCell(props: Hinted) {
  const { name, label, value, hint, fault, change } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const isLong = riskSettings[name].kind === "windows" || riskSettings[name].kind === "list";
  const take = () => {
    if (draft !== null) change(typedValue(name, draft));
    setDraft(null);
  };
  return (
    <InputBase
      value={draft ?? textOf(value)}
      placeholder={hint}
      multiline={isLong}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isLong) take();
        if (event.key === "Escape") setDraft(null);
      }}
      inputProps={{ "aria-label": label, "aria-invalid": fault, style: { textAlign: "right" } }}
      sx={{ ...lookOf(props), "& ::placeholder": { color: token("textMuted"), opacity: 1 } }}
    />
  );
}

/** A value as it is read: a loss rule by its amount and what it does. */
export function useToldValue(name: RiskSetting): (value: unknown) => string {
  const translate = useTranslate();
  return (value) => {
    const { kind } = riskSettings[name];
    if (kind === "flag") return translate(value === true ? "ra.boolean.true" : "ra.boolean.false");
    if (kind === "money" || kind === "lots") return figure(textOf(value));
    if (kind !== "loss-rule") return textOf(value).replaceAll("\n", "; ");
    const rule = value as LossRuleWire;
    const amount = rule.unit === "money" ? figure(rule.amount) : `${rule.amount} %`;
    return `${amount} · ${translate(`desk.riskTable.rule.of.${rule.action}`)}`;
  };
}
