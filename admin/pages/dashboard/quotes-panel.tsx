import FlagIcon from "@mui/icons-material/WarningAmberOutlined";
import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { WireQuote } from "#contracts/trading-api.ts";
import { figure } from "../../format/figures.ts";
import { clockText, utcText, zoneText } from "../../format/times.ts";
import { useScreenLocale } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { decimalDifference } from "./decimal-difference.ts";
import { Panel, PanelTable, PanelWords } from "./panel.tsx";

interface Props {
  readonly quotes: readonly WireQuote[];
  readonly isLive: boolean;
}

/** The newest quote of each instrument, always with where it comes from: simulated and replayed prices are named so. */
export function QuotesPanel({ quotes, isLive }: Props) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const word = (key: string) => translate(`desk.dashboard.${key}`);
  const columns = [
    { name: word("instrument"), isFigure: false },
    { name: word("bid"), isFigure: true },
    { name: word("ask"), isFigure: true },
    { name: word("spread"), isFigure: true },
    { name: word("last"), isFigure: true },
    { name: word("source"), isFigure: false },
    { name: `${word("age")} (${zoneText()})`, isFigure: true },
  ];
  const rows = [...quotes]
    .sort((one, other) => one.instrument.localeCompare(other.instrument))
    .map((quote) => ({
      key: quote.instrument,
      cells: [
        <strong key="name">{quote.instrument}</strong>,
        figure(quote.bid),
        figure(quote.ask),
        figure(decimalDifference(quote.ask, quote.bid)),
        quote.last === null ? "–" : figure(quote.last),
        <Source key="source" quote={quote} />,
        <time key="age" title={utcText(new Date(quote.venueAtMs).toISOString())}>
          {clockText(quote.venueAtMs, locale)}
        </time>,
      ],
    }));
  return (
    <Panel title={word("quotes")} note={<Liveness isLive={isLive} />}>
      {rows.length === 0 ? <PanelWords>{word("noQuotes")}</PanelWords> : <PanelTable columns={columns} rows={rows} />}
    </Panel>
  );
}

function Liveness({ isLive }: { readonly isLive: boolean }) {
  const translate = useTranslate();
  return (
    <Box component="span" role="status" sx={{ color: token(isLive ? "ok" : "warn") }}>
      {isLive ? "● " : "○ "}
      {translate(isLive ? "desk.dashboard.live" : "desk.dashboard.offline")}
    </Box>
  );
}

function Source({ quote }: { readonly quote: WireQuote }) {
  const translate = useTranslate();
  const name = translate(`desk.sources.${quote.source}`);
  if (quote.flag === null) return <>{name}</>;
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, color: token("warn") }}>
      <FlagIcon sx={{ fontSize: 16 }} aria-hidden />
      {name} · {translate(`desk.flags.${quote.flag}`)}
    </Box>
  );
}
