import CheckCircleIcon from "@mui/icons-material/CheckCircleOutlined";
import ErrorIcon from "@mui/icons-material/ErrorOutlined";
import ScheduleIcon from "@mui/icons-material/Schedule";
import { Box, Card, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";
import type { DashboardReply } from "#contracts/dashboard.ts";
import type { Book } from "#contracts/names.ts";
import { figure } from "../../format/figures.ts";
import { timeText, utcText } from "../../format/times.ts";
import { useScreenLocale, useSession } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { Sparkline } from "./sparkline.tsx";
import { type Seen, trendOf } from "./use-dashboard.ts";

interface Props {
  readonly reply: DashboardReply;
  readonly seen: Seen;
  /** Whose exposure: live money and demo money are never shown as one. */
  readonly book: Book;
}

/** Six figures with their recent past. */
export function FiguresRow({ reply, seen, book }: Props) {
  const translate = useTranslate();
  const { orders, settle, queue, totals } = reply;
  const name = (key: string) => translate(`desk.dashboard.${key}`);
  const isAgent = useSession()?.role === "agent";
  const ofBook = totals.filter((total) => total.book === book);
  const amounts = (key: "exposure" | "equityAtRisk"): Line[] =>
    ofBook.map((total) => ({ figure: figure(total[key]), unit: total.currency }));
  const inBook = (key: string) => `${name(key)} · ${name(`books.${book}`)}`;
  const p99: Line =
    settle.p99Ms === null ? { figure: "–" } : { figure: figure(Math.round(settle.p99Ms)), unit: name("milliseconds") };
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
      {!isAgent && <Books books={reply.books} />}
      <FigureCard
        name={name("ordersPerMinute")}
        lines={[{ figure: figure(orders.lastMinute) }]}
        trend={orders.perMinute}
      />
      <FigureCard name={name("settleP99")} lines={[p99]} trend={settle.perMinute} />
      <FigureCard name={inBook("exposure")} lines={amounts("exposure")} trend={trendOf(seen, book, "exposure")} />
      <FigureCard
        name={inBook("equityAtRisk")}
        lines={amounts("equityAtRisk")}
        trend={trendOf(seen, book, "equityAtRisk")}
      />
      <FigureCard
        name={name("queue")}
        lines={[{ figure: figure(queue.waiting) }]}
        note={queue.waiting === 0 ? null : oldest}
        trend={seen.waiting}
      />
    </Box>
  );
}

interface Line {
  readonly figure: string;
  readonly unit?: string;
}

interface FigureProps {
  readonly name: string;
  readonly lines: readonly Line[];
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
      {(lines.length === 0 ? [{ figure: "0" }] : lines).map((line) => (
        <FigureLine key={line.unit ?? ""} line={line} isOneOfMany={lines.length > 1} />
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

/** The figure stays in one piece; where both do not fit, its unit goes to the next line. */
function FigureLine({ line, isOneOfMany }: { readonly line: Line; readonly isOneOfMany: boolean }) {
  return (
    <Typography
      component="p"
      sx={{ fontSize: { xs: 16, sm: isOneOfMany ? 16 : 20 }, fontWeight: 600, lineHeight: 1.25 }}
    >
      <Box component="span" sx={{ whiteSpace: "nowrap" }}>
        {line.figure}
      </Box>
      {line.unit !== undefined && (
        <>
          {" "}
          <Box component="span" sx={{ fontSize: 13, color: token("textMuted") }}>
            {line.unit}
          </Box>
        </>
      )}
    </Typography>
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
