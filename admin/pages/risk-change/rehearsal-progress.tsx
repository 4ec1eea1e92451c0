import { Box, LinearProgress } from "@mui/material";
import { type RaRecord, useTranslate } from "react-admin";

/** How far a rehearsal is. */
export function RehearsalProgress({ rehearsal: { state, percent } }: { readonly rehearsal: RaRecord }) {
  const translate = useTranslate();
  const isWaiting = state === "waiting";
  return (
    <Box sx={{ px: 2, pb: 2, display: "grid", gap: 0.5, maxWidth: 640 }}>
      <LinearProgress
        aria-label={translate("desk.riskChange.progress")}
        variant={isWaiting ? "indeterminate" : "determinate"}
        value={Number(percent)}
        sx={{ height: 8, borderRadius: 4 }}
      />
      <Box role="status" sx={{ fontSize: 13 }}>
        {isWaiting ? translate("desk.riskChange.waiting") : translate("desk.riskChange.played", { percent })}
      </Box>
    </Box>
  );
}
