import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { EffectiveSetting } from "#contracts/risk-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { token } from "../../theme/tokens.ts";
import { useToldValue } from "./setting-cell.tsx";
import { useSourceWords } from "./source-words.ts";

interface Props {
  readonly name: RiskSetting;
  readonly held: EffectiveSetting;
  /** It would come from the change that is looked at. */
  readonly isDrafted?: boolean;
}

/** A value that holds, and the line that it comes from. */
export function HeldValue({ name, held, isDrafted = false }: Props) {
  const told = useToldValue(name);
  const words = useSourceWords();
  const translate = useTranslate();
  return (
    <>
      <b>{told(held.value)}</b>{" "}
      <Box component="span" sx={{ color: token("textMuted"), fontSize: 12 }}>
        {isDrafted ? translate("desk.riskChange.thisLine") : `${words(held.source)} v${held.version}`}
      </Box>
    </>
  );
}
