import { Alert, Box, Card, LinearProgress, Skeleton, Typography } from "@mui/material";
import { type RaRecord, useGetList, useTranslate } from "react-admin";
import { closeStepLabels, closeWaitLabels } from "#contracts/choices.ts";
import type { CloseStepName, CloseWait } from "#contracts/close-names.ts";
import { figure } from "../format/figures.ts";
import { token } from "../theme/tokens.ts";
import { Time } from "./field-view.tsx";
import { useMay, useSay } from "./hooks.ts";
import { ErrorState } from "./states.tsx";

interface StepRecord extends RaRecord {
  readonly step: CloseStepName;
  readonly stepNo: number;
  readonly state: "pending" | "failed" | "done";
  readonly figures: Readonly<Record<string, unknown>> | null;
  readonly toldBy: string | null;
  readonly toldAt: string | null;
  readonly tookMs: number | null;
  readonly waitsFor: CloseWait | null;
  readonly waitsUntil: string | null;
}

const stepsMax = 50;

/** A day's close step by step: how far it is, what each step came to and how long it took, what it waits for, and what stopped it. */
export function RecordClose({ record }: { readonly record: RaRecord }) {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = useGetList<StepRecord>(
    "day-close-steps",
    {
      filter: { closeId: record.id },
      sort: { field: "stepNo", order: "ASC" },
      pagination: { page: 1, perPage: stepsMax },
    },
    { retry: false, enabled: may("day-close-steps", "list") },
  );
  const [done, all] = [Number(record.stepsDone), Number(record.steps)];
  return (
    <Card component="section" aria-label={translate("desk.close.title")} sx={{ p: 2, minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", alignItems: "baseline", mb: 1 }}>
        <Typography variant="h2">{translate("desk.close.title")}</Typography>
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {translate("desk.close.progress", { done, all })}
        </Typography>
      </Box>
      <LinearProgress
        variant="determinate"
        value={all === 0 ? 0 : (100 * done) / all}
        color={record.state === "failed" ? "error" : "primary"}
        aria-label={translate("desk.close.progress", { done, all })}
        sx={{ mb: 1.5 }}
      />
      {record.state === "failed" && <Stopped step={record.failedStep} />}
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton variant="rounded" height={240} />}
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, minWidth: 0 }}>
        {data?.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </Box>
    </Card>
  );
}

function Stopped({ step }: { readonly step: unknown }) {
  const translate = useTranslate();
  const say = useSay();
  const label = Object.entries(closeStepLabels).find(([name]) => name === step)?.[1];
  return (
    <Alert severity="error" variant="outlined" sx={{ mb: 1.5 }}>
      {translate("desk.close.stopped", { step: label === undefined ? String(step) : say(label) })}
    </Alert>
  );
}

const colors = { done: "ok", failed: "danger", pending: "textMuted" } as const;

function Step({ step }: { readonly step: StepRecord }) {
  const translate = useTranslate();
  const say = useSay();
  const { state, toldAt, tookMs, figures } = step;
  return (
    <Box
      component="li"
      aria-label={say(closeStepLabels[step.step])}
      sx={{ display: "grid", gap: 0.5, py: 1.25, borderTop: `1px solid ${token("line")}`, minWidth: 0 }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", alignItems: "baseline" }}>
        <Typography variant="body1" component="h3" sx={{ m: 0, fontWeight: 600 }}>
          {figure(step.stepNo)}. {say(closeStepLabels[step.step])}
        </Typography>
        <Typography variant="body2" component="span" sx={{ color: token(colors[state]), fontWeight: 600 }}>
          {translate(`desk.close.states.${state}`)}
        </Typography>
        {toldAt !== null && (
          <Typography variant="body2" component="span" sx={{ color: token("textMuted") }}>
            <Time iso={toldAt} />
            {tookMs !== null && ` · ${translate("desk.close.took", { time: lengthText(tookMs) })}`}
            {` · ${step.toldBy ?? ""}`}
          </Typography>
        )}
      </Box>
      <Waits step={step} />
      {figures !== null && <Figures figures={figures} />}
    </Box>
  );
}

const lengthText = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${figure((ms / 1_000).toFixed(1))} s`);

function Waits({ step: { waitsFor, waitsUntil } }: { readonly step: StepRecord }) {
  const translate = useTranslate();
  const say = useSay();
  if (waitsFor === null) return null;
  return (
    <Typography variant="body2" sx={{ color: token("warn") }}>
      {translate("desk.close.waitsFor", { what: say(closeWaitLabels[waitsFor]) })}
      {waitsUntil !== null && (
        <>
          {` · ${translate("desk.close.until")} `}
          <Time iso={waitsUntil} />
        </>
      )}
    </Typography>
  );
}

/** What a step came to: numbers and hashes by name, lists a line each. */
function Figures({ figures }: { readonly figures: Readonly<Record<string, unknown>> }) {
  const translate = useTranslate();
  return (
    <Box
      component="dl"
      sx={{ m: 0, display: "grid", gridTemplateColumns: { sm: "minmax(160px, auto) minmax(0, 1fr)" }, gap: "2px 16px" }}
    >
      {inOrder(figures).map(([name, value]) => (
        <Box key={name} sx={{ display: "contents" }}>
          <Typography component="dt" variant="body2" sx={{ color: token("textMuted") }}>
            {translate(`desk.close.figures.${name}`, { _: name })}
          </Typography>
          <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: "anywhere" }}>
            <Value value={value} />
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

/** Numbers first, then hashes and lists, as each step makes them; what a later step brings comes last. */
const order = [
  ...["closedThrough", "accounts", "transfers", "digest", "checked", "broken", "heads", "faults", "statements"],
  ...["matched", "open", "channels", "incomplete", "commissionFills", "payouts", "held", "datesPaid", "payoutsPaid"],
  ...["paid", "rows"],
];
const placeOf = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
const inOrder = (figures: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(figures).sort(([one], [other]) => placeOf(one) - placeOf(other));

function Value({ value }: { readonly value: unknown }) {
  const translate = useTranslate();
  if (typeof value === "boolean") return <>{translate(value ? "ra.boolean.true" : "ra.boolean.false")}</>;
  if (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) return <>{figure(value)}</>;
  if (!Array.isArray(value)) return <>{String(value)}</>;
  if (value.length === 0) return <>{translate("desk.close.none")}</>;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
      {value.map((line) => (
        <li key={String(line)}>{String(line)}</li>
      ))}
    </Box>
  );
}
