import { Box, ButtonBase, Card, Skeleton, Typography } from "@mui/material";
import { useEffect, useRef, useState } from "react";
import {
  NotFound,
  type RaRecord,
  ResourceContextProvider,
  ShowBase,
  Title,
  useGetList,
  useTranslate,
} from "react-admin";
import { useParams } from "react-router-dom";
import type { QueueDeclaration, ResourceDeclaration } from "#contracts/resource.ts";
import { declarationNamed } from "../declarations.ts";
import { mayWork } from "../providers/permissions.ts";
import { token } from "../theme/tokens.ts";
import { FieldView } from "./field-view.tsx";
import { useSay, useScreenLocale, useSession } from "./hooks.ts";
import { usePageKeys } from "./page-keys.ts";
import { titleOf } from "./record-title.ts";
import { RecordPage } from "./resource-show.tsx";
import { ErrorState } from "./states.tsx";

const shownMax = 200;
/** Others work in the same queue. */
const lookAgainMs = 10_000;

/** The page /queue/:resource. */
export function ResourceQueue() {
  const { resource = "" } = useParams();
  const declaration = declarationNamed(resource);
  const session = useSession();
  const queue = declaration?.queue;
  if (session === undefined) return null;
  if (declaration === undefined || queue === undefined || !mayWork(declaration, session)) return <NotFound />;
  return (
    <ResourceContextProvider key={resource} value={resource}>
      <Queue declaration={declaration} queue={queue} />
    </ResourceContextProvider>
  );
}

interface QueueProps {
  readonly declaration: ResourceDeclaration;
  readonly queue: QueueDeclaration;
}

function Queue({ declaration, queue }: QueueProps) {
  const translate = useTranslate();
  const say = useSay();
  const {
    data,
    error,
    isPending,
    refetch,
    total = 0,
  } = useGetList(
    declaration.name,
    {
      filter: { [queue.where.field]: queue.where.in },
      sort: { field: queue.sort[0], order: queue.sort[1] },
      pagination: { page: 1, perPage: shownMax },
    },
    { retry: false, refetchInterval: lookAgainMs },
  );
  const { chosen, choose } = useChosen(data ?? []);
  return (
    <Box sx={{ py: 2, display: "grid", gap: 1.5, minWidth: 0 }}>
      <Title title={`${say(declaration.label)} · ${say(queue.label)}`} />
      <Typography variant="body2" sx={{ color: token("textMuted") }}>
        {translate("desk.queue.waiting", { smart_count: total })} · {translate("desk.queue.help")}
      </Typography>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Skeleton variant="rounded" height={240} />}
      {data?.length === 0 && <Card sx={{ p: 4, textAlign: "center" }}>{translate("desk.queue.empty")}</Card>}
      {data !== undefined && chosen !== undefined && (
        <Box
          sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "300px minmax(0, 1fr)" } }}
        >
          <Waiting declaration={declaration} queue={queue} records={data} chosen={chosen} choose={choose} />
          <ShowBase key={chosen.id} id={chosen.id} queryOptions={{ retry: false, onError: () => undefined }}>
            <RecordPage byKeys />
          </ShowBase>
        </Box>
      )}
    </Box>
  );
}

/** Which record is looked at: when it leaves the queue, the one that takes its place. */
function useChosen(records: readonly RaRecord[]) {
  const [{ id, at }, set] = useState<{ readonly id: RaRecord["id"] | null; readonly at: number }>({ id: null, at: 0 });
  const found = records.findIndex((record) => record.id === id);
  const index = Math.min(found === -1 ? at : found, records.length - 1);
  const chosen = records[index];
  const choose = (to: number): boolean => {
    const next = records[Math.max(0, Math.min(to, records.length - 1))];
    if (next !== undefined) set({ id: next.id, at: records.indexOf(next) });
    return next !== undefined;
  };
  usePageKeys(records.length > 0, (key) => {
    if (key === "j" || key === "ArrowDown") return choose(index + 1);
    return key === "k" || key === "ArrowUp" ? choose(index - 1) : false;
  });
  if (chosen !== undefined && (chosen.id !== id || index !== at)) set({ id: chosen.id, at: index });
  return { chosen, choose };
}

interface WaitingProps extends QueueProps {
  readonly records: readonly RaRecord[];
  readonly chosen: RaRecord;
  readonly choose: (index: number) => void;
}

function Waiting({ declaration, queue, records, chosen, choose }: WaitingProps) {
  const say = useSay();
  const locale = useScreenLocale();
  const current = useRef<HTMLButtonElement>(null);
  // The list has the focus from the start, so its keys are not the rail's; a reader of the screen hears where it stands.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is another button
  useEffect(() => current.current?.focus(), [chosen.id]);
  return (
    <Card
      component="nav"
      aria-label={say(queue.label)}
      sx={{ alignSelf: "start", mt: { md: 2 }, maxHeight: { xs: 220, md: "calc(100vh - 160px)" }, overflowY: "auto" }}
    >
      {records.map((record, index) => (
        <Box
          key={record.id}
          sx={{
            ...{ display: "grid", gap: 0.25, p: 1.5, borderBottom: `1px solid ${token("line")}` },
            background: record.id === chosen.id ? token("surfaceSunken") : "none",
            boxShadow: record.id === chosen.id ? `inset 3px 0 ${token("accent")}` : "none",
          }}
        >
          <ButtonBase
            {...(record.id === chosen.id ? { ref: current, "aria-current": "true" as const } : {})}
            onClick={() => choose(index)}
            sx={{ justifyContent: "start", textAlign: "start", font: "inherit", fontWeight: 600, minHeight: 24 }}
          >
            {titleOf(declaration, record, locale)}
          </ButtonBase>
          {queue.list.map((name) => (
            <Fact key={name} declaration={declaration} name={name} record={record} />
          ))}
        </Box>
      ))}
    </Card>
  );
}

function Fact({ declaration, name, record }: Pick<WaitingProps, "declaration"> & { name: string; record: RaRecord }) {
  const say = useSay();
  const field = declaration.fields[name];
  if (field === undefined || record[name] === null || record[name] === undefined) return null;
  return (
    <Typography component="span" variant="caption" sx={{ color: token("textMuted") }}>
      {say(field.label)} <FieldView name={name} field={field} record={record} />
    </Typography>
  );
}
