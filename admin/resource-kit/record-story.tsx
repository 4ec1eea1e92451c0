import { Box, Card, Skeleton, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useTranslate } from "react-admin";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { type StoryEntry, storyReply } from "#contracts/story.ts";
import { declarationNamed } from "../declarations.ts";
import { figure } from "../format/figures.ts";
import { get } from "../providers/http.ts";
import { token } from "../theme/tokens.ts";
import { ChecksTable } from "./checks-table.tsx";
import { Time } from "./field-view.tsx";
import { useSay } from "./hooks.ts";
import { IdLink } from "./id-text.tsx";
import { useLedgerKindWords } from "./ledger-kind-words.ts";
import { ErrorState } from "./states.tsx";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly id: string;
}

/** What happened to a record, step by step, oldest first: for resources that are declared with a story. */
export function RecordStory({ declaration, id }: Props) {
  if (declaration.story !== true) return null;
  return <Story resource={declaration.name} id={id} />;
}

function Story({ resource, id }: { readonly resource: string; readonly id: string }) {
  const translate = useTranslate();
  const { data, error, refetch } = useQuery({
    queryKey: ["story", resource, id],
    queryFn: async () => storyReply.parse(await get(`${resource}/${encodeURIComponent(id)}/story`)),
    retry: false,
  });
  return (
    <Card component="section" aria-label={translate("desk.story.title")} sx={{ p: 2, minWidth: 0 }}>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        {translate("desk.story.title")}
      </Typography>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton variant="rounded" height={120} />}
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", minWidth: 0 }}>
        {data?.entries.map((entry) => (
          <Step key={JSON.stringify(entry)} entry={entry} />
        ))}
      </Box>
    </Card>
  );
}

/** One step: a dot on the line of time, what happened and when, then what decided it and what it moved. */
function Step({ entry }: { readonly entry: StoryEntry }) {
  const translate = useTranslate();
  const failed = entry.kind === "rejected";
  return (
    <Box
      component="li"
      sx={{
        position: "relative",
        pl: 3,
        pb: 2.5,
        minWidth: 0,
        "&:last-of-type": { pb: 0 },
        "&::before": {
          content: '""',
          position: "absolute",
          left: 0,
          top: 5,
          width: 9,
          height: 9,
          borderRadius: "50%",
          background: token(failed ? "down" : "accent"),
        },
        "&:not(:last-of-type)::after": {
          content: '""',
          position: "absolute",
          left: 4,
          top: 16,
          bottom: -3,
          width: "1px",
          background: token("lineStrong"),
        },
      }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", alignItems: "baseline" }}>
        <Typography variant="body1" component="h3" sx={{ fontWeight: 600 }}>
          {translate(`desk.story.kinds.${entry.kind}`, { _: entry.kind })}
        </Typography>
        <Typography variant="body2" component="span">
          <Time iso={entry.at} />
        </Typography>
        <Typography variant="caption" component="span" sx={{ color: token("textMuted") }}>
          {[
            ...(entry.afterMs === null ? [] : [translate("desk.story.after", { time: lengthText(entry.afterMs) })]),
            ...(entry.by.kind === "system" ? [] : [translate("desk.show.by", { name: entry.by.name ?? "–" })]),
          ].join(" · ")}
        </Typography>
      </Box>
      <Facts entry={entry} />
      <QuoteLine quote={entry.quote} />
      <Money transfers={entry.transfers} />
      <Checks checks={entry.checks} />
    </Box>
  );
}

/** Milliseconds up to a second, then seconds: how long a step took is read at a glance. */
const lengthText = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${figure((ms / 1000).toFixed(1))} s`);

function Facts({ entry }: { readonly entry: StoryEntry }) {
  const translate = useTranslate();
  if (entry.facts.length === 0) return null;
  const words = (name: string, value: string): string =>
    name === "code" || name === "rule" || name === "origin"
      ? translate(`desk.story.values.${value}`, { _: value })
      : value.replace(/^-?\d[\d.]*/, figure);
  return (
    <Box component="dl" sx={{ m: 0, mt: 0.5, display: "flex", flexWrap: "wrap", gap: "2px 20px" }}>
      {entry.facts.map(({ name, value, before }) => (
        <Box key={name} sx={{ display: "flex", gap: 0.75, alignItems: "baseline" }}>
          <Typography component="dt" variant="caption" sx={{ color: token("textMuted") }}>
            {translate(`desk.story.facts.${name}`, { _: name })}
          </Typography>
          <Typography component="dd" variant="body2" sx={{ m: 0 }}>
            {name === "fill" ? (
              <IdLink id={value} to="fills" />
            ) : (
              [...(before === null ? [] : [`${words(name, before)} →`]), words(name, value)].join(" ")
            )}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function QuoteLine({ quote }: Pick<StoryEntry, "quote">) {
  const translate = useTranslate();
  if (quote === null) return null;
  const { seq, bid, ask, ageMs } = quote;
  return (
    <Typography variant="body2" sx={{ mt: 0.5 }}>
      {translate("desk.story.quote", { seq: figure(seq), bid: figure(bid), ask: figure(ask), age: lengthText(ageMs) })}
    </Typography>
  );
}

function Money({ transfers }: Pick<StoryEntry, "transfers">) {
  const translate = useTranslate();
  const say = useSay();
  const kindWords = useLedgerKindWords();
  const codes = declarationNamed("transfers")?.fields.code;
  if (transfers.length === 0) return null;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, mt: 0.5, p: 0 }}>
      {transfers.map(({ id, code, from, to, amount, currency }) => (
        <Typography component="li" variant="body2" key={id}>
          {translate("desk.story.transfer", {
            ...{ amount: figure(amount), currency, from: kindWords(from), to: kindWords(to) },
            code: codes?.kind === "choice" ? say(codes.optionLabels[code] ?? [code, code]) : code,
          })}{" "}
          <IdLink id={id} to="transfers" />
        </Typography>
      ))}
    </Box>
  );
}

function Checks({ checks }: Pick<StoryEntry, "checks">) {
  const translate = useTranslate();
  if (checks === null || checks.length === 0) return null;
  const failed = checks.filter((check) => !check.passed).length;
  return (
    <Box component="details" sx={{ mt: 0.5, minWidth: 0 }}>
      <Typography component="summary" variant="body2" sx={{ cursor: "pointer" }}>
        {translate("desk.story.checks", { passed: checks.length - failed, all: checks.length })}
      </Typography>
      <ChecksTable value={checks} />
    </Box>
  );
}
