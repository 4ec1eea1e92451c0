import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { limitScopeLabels } from "#contracts/choices.ts";
import type { EffectiveSetting } from "#contracts/risk-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { useToldValue } from "./setting-cell.tsx";

interface Props {
  readonly name: RiskSetting;
  readonly held: EffectiveSetting;
  /** It would come from the change that is looked at. */
  readonly isDrafted?: boolean;
}

/** A value that holds, and the line that it comes from. */
export function HeldValue({ name, held, isDrafted = false }: Props) {
  const told = useToldValue(name);
  const say = useSay();
  const translate = useTranslate();
  const line = `${say(limitScopeLabels[held.scope])}${held.source.includes(":") ? ` ${held.source.replace(/^[^:]*:/, "")}` : ""}`;
  return (
    <>
      <b>{told(held.value)}</b>{" "}
      <Box component="span" sx={{ color: token("textMuted"), fontSize: 12 }}>
        {isDrafted ? translate("desk.riskChange.thisLine") : `${line} v${held.version}`}
      </Box>
    </>
  );
}
