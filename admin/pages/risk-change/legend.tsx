import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { token } from "../../theme/tokens.ts";

/** Told apart without colour: full, and hatched. */
export const barFill = {
  added: { backgroundColor: token("accent") },
  removed: {
    backgroundImage: `repeating-linear-gradient(135deg, ${token("textMuted")} 0 2px, transparent 2px 5px)`,
    outline: `1px solid ${token("textMuted")}`,
    outlineOffset: -1,
  },
} as const;

/** What the two fills of a bar are. */
export function Legend() {
  const translate = useTranslate();
  return (
    <Box
      component="p"
      sx={{ m: 0, px: 2, display: "flex", flexWrap: "wrap", gap: "2px 12px", fontSize: 12, color: token("textMuted") }}
    >
      {(["added", "removed"] as const).map((kind) => (
        <Box key={kind} component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.5 }}>
          <Box component="span" aria-hidden sx={{ width: 12, height: 12, borderRadius: 0.5, ...barFill[kind] }} />
          {translate(`desk.whatIf.${kind}`)}
        </Box>
      ))}
    </Box>
  );
}
