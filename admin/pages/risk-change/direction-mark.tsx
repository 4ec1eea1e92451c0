import LooserIcon from "@mui/icons-material/LockOpenOutlined";
import TighterIcon from "@mui/icons-material/LockOutlined";
import OtherIcon from "@mui/icons-material/SwapHorizOutlined";
import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { RiskDirection } from "#contracts/risk-names.ts";
import { token } from "../../theme/tokens.ts";

const icons = { tighter: TighterIcon, looser: LooserIcon, other: OtherIcon } as const;

/** Whether more or less is allowed then: by icon and word; only what allows more has a colour. */
export function DirectionMark({ direction }: { readonly direction: RiskDirection }) {
  const translate = useTranslate();
  if (direction === "same") return null;
  const Icon = icons[direction];
  return (
    <Box
      component="span"
      data-direction={direction}
      sx={{
        display: "inline-flex",
        alignItems: "center",
        gap: 0.5,
        color: direction === "looser" ? token("warn") : "inherit",
      }}
    >
      <Icon sx={{ fontSize: 16 }} aria-hidden />
      {translate(`desk.riskChange.directions.${direction}`)}
    </Box>
  );
}
