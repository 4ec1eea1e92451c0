import { Box, Typography } from "@mui/material";
import { useTranslate } from "react-admin";
import type { WireWhatIf } from "#contracts/what-if.ts";
import { figure } from "../../format/figures.ts";
import { dateText } from "../../format/times.ts";
import { DataRows } from "../../resource-kit/data-rows.tsx";
import { useScreenLocale } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { barFill } from "./legend.tsx";

type Day = WireWhatIf["byDay"][number];

const height = 140;
const dayMs = 86_400_000;

/** Refusals added and removed by day, stacked; the same figures as a table below it. One day alone needs no chart. */
export function DayChart({ days }: { readonly days: readonly Day[] }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const word = (key: string): string => translate(`desk.whatIf.${key}`);
  if (days.length < 2) return null;
  const shown = withoutGaps(days);
  const highest = Math.max(...shown.map(({ added, removed }) => added + removed));
  return (
    <Box component="figure" aria-label={word("byDay")} sx={{ m: 0, px: 2, minWidth: 0 }}>
      <Box
        component="figcaption"
        sx={{ pb: 0.5, display: "flex", flexWrap: "wrap", gap: "2px 16px", alignItems: "baseline" }}
      >
        <Typography variant="h3" component="span" sx={{ fontSize: 14, fontWeight: 600 }}>
          {word("byDay")}
        </Typography>
        <Box component="span" sx={{ fontSize: 12, color: token("textMuted") }}>
          {translate("desk.whatIf.highest", { count: figure(highest) })}
        </Box>
      </Box>
      <Columns days={shown} highest={highest} />
      <Box component="details" sx={{ mt: 0.5, fontSize: 13 }}>
        <summary>{word("asTable")}</summary>
        <DataRows
          head={[word("day"), word("added"), word("removed")]}
          rows={days.map(({ day, added, removed }) => [dateText(day, locale), figure(added), figure(removed)])}
          figures={[1, 2]}
        />
      </Box>
    </Box>
  );
}

interface ColumnsProps {
  readonly days: readonly Day[];
  /** Most refusals of a day: the height of the chart. */
  readonly highest: number;
}

function Columns({ days, highest }: ColumnsProps) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const word = (key: string): string => translate(`desk.whatIf.${key}`);
  const share = (count: number): string => `${((count * 100) / highest).toFixed(1)}%`;
  const width = Math.min(900, Math.max(240, days.length * 50));
  const column = { flex: "1 1 0", minWidth: 0, height: "100%", display: "flex", flexDirection: "column" } as const;
  return (
    <Box aria-hidden sx={{ maxWidth: width, fontSize: 12, color: token("textMuted") }}>
      <Box sx={{ display: "flex", gap: "2px", height, borderBottom: `1px solid ${token("lineStrong")}` }}>
        {days.map(({ day, added, removed }) => (
          <Box
            key={day}
            title={`${dateText(day, locale)} · ${word("added")} ${figure(added)} · ${word("removed")} ${figure(removed)}`}
            sx={{ ...column, justifyContent: "flex-end" }}
          >
            <Box sx={{ height: share(removed), ...(removed > 0 ? barFill.removed : {}) }} />
            <Box sx={{ height: share(added), ...barFill.added }} />
          </Box>
        ))}
      </Box>
      <Box sx={{ display: "flex", justifyContent: "space-between" }}>
        <span>{dateText(days[0]?.day ?? "", locale)}</span>
        <span>{dateText(days.at(-1)?.day ?? "", locale)}</span>
      </Box>
    </Box>
  );
}

/** Days between on which nothing changed are drawn too: the axis is time. */
function withoutGaps(days: readonly Day[]): readonly Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const [first, last] = [Date.parse(days[0]?.day ?? ""), Date.parse(days.at(-1)?.day ?? "")];
  const count = (last - first) / dayMs + 1;
  return Array.from({ length: count }, (_none, place) => {
    const day = new Date(first + place * dayMs).toISOString().slice(0, 10);
    return known.get(day) ?? { day, added: 0, removed: 0 };
  });
}
