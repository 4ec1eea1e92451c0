import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { LossRuleWire } from "#contracts/loss-rule.ts";
import { figure } from "../format/figures.ts";
import { token } from "../theme/tokens.ts";

const parts = [
  ...(["amount", "unit", "base", "measure", "resetTime", "resetZone", "resetWeekday", "trailing"] as const),
  ...(["lockAt", "action"] as const),
];
const figures: readonly string[] = ["amount", "lockAt"];

/** A loss limit or profit trigger in the words of its form. */
export function LossRuleView({ rule }: { readonly rule: LossRuleWire }) {
  const translate = useTranslate();
  const wordOf = (name: (typeof parts)[number], value: string | number): string => {
    if (figures.includes(name)) return figure(value);
    if (name === "resetWeekday") return translate(`desk.riskTable.rule.days.${value}`);
    return translate(`desk.riskTable.rule.of.${value}`, { _: String(value) });
  };
  return (
    <Box component="span" sx={{ display: "inline-flex", flexWrap: "wrap", gap: "0 12px" }}>
      {parts.map((name) => {
        const value = rule[name] ?? null;
        return value === null ? null : (
          <span key={name}>
            <Box component="span" sx={{ color: token("textMuted") }}>
              {translate(`desk.riskTable.rule.${name}`)}
            </Box>{" "}
            {wordOf(name, value)}
          </span>
        );
      })}
    </Box>
  );
}
