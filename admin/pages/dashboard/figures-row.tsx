import CheckCircleIcon from "@mui/icons-material/CheckCircleOutlined";
import ErrorIcon from "@mui/icons-material/ErrorOutlined";
import ScheduleIcon from "@mui/icons-material/Schedule";
import { Box, Card, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";
import type { DashboardReply } from "#contracts/dashboard.ts";
import { figure } from "../../format/figures.ts";
import { timeText, utcText } from "../../format/times.ts";
import { useScreenLocale } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { Sparkline } from "./sparkline.tsx";
import type { Seen } from "./use-dashboard.ts";

interface Props {
  readonly reply: DashboardReply;
  readonly seen: Seen;
}

/** Six figures with their recent past. */
export function FiguresRow({ reply, seen }: Props) {
  const translate = useTranslate();
  const { orders, settle, queue, totals } = reply;
  const name = (key: string) => translate(`desk.dashboard.${key}`);
  const amounts = (key: "exposure" | "equityAtRisk") =>
    totals.map((total) => `${figure(total[key])} ${total.currency}`);
  const p99 = settle.p99Ms === null ? "–" : `${figure(Math.round(settle.p99Ms))} ${name("milliseconds")}`;
  const oldest = translate("desk.dashboard.oldest", { seconds: (queue.oldestAgeMs / 1000).toFixed(1) });
  return (
    <Box
      sx={{
        display: "grid",
        gap: 1.5,
        gridTemplateColumns: {
          xs: "repeat(2, minmax(0, 1fr))",
          md: "repeat(3, minmax(0, 1fr))",
          xl: "repeat(6, minmax(0, 1fr))",
        },
      }}
    >
      <Books books={reply.books} />
      <FigureCard name={name("ordersPerMinute")} lines={[figure(orders.lastMinute)]} trend={orders.perMinute} />
      <FigureCard name={name("settleP99")} lines={[p99]} trend={settle.perMinute} />
      <FigureCard name={name("exposure")} lines={amounts("exposure")} trend={seen.exposure} />
      <FigureCard name={name("equityAtRisk")} lines={amounts("equityAtRisk")} trend={seen.equityAtRisk} />
      <FigureCard
        name={name("queue")}
        lines={[figure(queue.waiting)]}
        note={queue.waiting === 0 ? null : oldest}
        trend={seen.waiting}
      />
    </Box>
  );
}

interface FigureProps {
  readonly name: string;
  readonly lines: readonly string[];
  readonly note?: ReactNode;
  readonly trend: readonly (number | null)[];
}

function FigureCard({ name, lines, note = null, trend }: FigureProps) {
  const translate = useTranslate();
  return (
    <Card sx={{ p: 1.5, minWidth: 0, display: "flex", flexDirection: "column", gap: 0.5 }}>
      <Typography variant="caption" component="h2" sx={{ m: 0, color: token("textMuted") }}>
        {name}
      </Typography>
      {(lines.length === 0 ? ["0"] : lines).map((line) => (
        <Typography
          key={line}
          component="p"
          sx={{ fontSize: lines.length > 1 ? 16 : 20, fontWeight: 600, lineHeight: 1.25, overflowWrap: "anywhere" }}
        >
          {line}
        </Typography>
      ))}
      {note !== null && (
        <Typography variant="caption" sx={{ color: token("textMuted") }}>
          {note}
        </Typography>
      )}
      <Box sx={{ mt: "auto" }}>
        <Sparkline values={trend} label={translate("desk.dashboard.trend", { name })} />
      </Box>
    </Card>
  );
}

function Books({ books }: { readonly books: DashboardReply["books"] }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const { balanced, checkedAt, broken } = books;
  const look = balanced === null ? pending : balanced ? fine : wrong;
  const checked =
    checkedAt === null ? null : (
      <time dateTime={checkedAt} title={utcText(checkedAt)}>
        {translate("desk.dashboard.checkedAt", { at: timeText(checkedAt, locale) })}
      </time>
    );
  return (
    <Card
      sx={{
        p: 1.5,
        minWidth: 0,
        display: "flex",
        flexDirection: "column",
        gap: 0.5,
        ...(balanced === false && { borderColor: token("danger") }),
      }}
    >
      <Typography variant="caption" component="h2" sx={{ m: 0, color: token("textMuted") }}>
        {translate("desk.dashboard.booksBalanced")}
      </Typography>
      <Typography
        component="p"
        sx={{
          fontSize: 20,
          fontWeight: 600,
          lineHeight: 1.25,
          color: token(look.colour),
          display: "flex",
          alignItems: "center",
          gap: 0.75,
        }}
      >
        <look.icon sx={{ fontSize: 22 }} aria-hidden />
        {translate(`desk.dashboard.${look.words}`)}
      </Typography>
      <Typography variant="caption" sx={{ color: token("textMuted"), overflowWrap: "anywhere" }}>
        {broken.length > 0 ? broken.join(", ") : checked}
      </Typography>
      <Box sx={{ mt: "auto" }}>
        <Sparkline values={books.perMinute} label={translate("desk.dashboard.posted")} />
      </Box>
    </Card>
  );
}

const fine = { colour: "ok", icon: CheckCircleIcon, words: "balanced" } as const;
const wrong = { colour: "danger", icon: ErrorIcon, words: "unbalanced" } as const;
const pending = { colour: "textMuted", icon: ScheduleIcon, words: "neverVerified" } as const;
