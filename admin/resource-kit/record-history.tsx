import { Box, Button, Card, Skeleton, Typography } from "@mui/material";
import { type RaRecord, useGetList, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { token } from "../theme/tokens.ts";
import { actionWords } from "./action-words.ts";
import { ChangeTable } from "./change-table.tsx";
import { Time } from "./field-view.tsx";
import { useMay, useScreenLocale } from "./hooks.ts";
import { ErrorState } from "./states.tsx";

const entriesShown = 20;
const auditLog = "audit-log";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly id: string;
}

/**
 * What was changed on a record, by whom and why, newest first; only for those who may read the audit log. What nothing writes
 * (orders, fills, the journal) has no history.
 */
export function RecordHistory({ declaration, id }: Props) {
  const may = useMay();
  if (declaration.table === undefined || !may(auditLog, "list")) return null;
  return <Entries resource={declaration.name} id={id} />;
}

function Entries({ resource, id }: { readonly resource: string; readonly id: string }) {
  const translate = useTranslate();
  const filter = { resource, objectId: id };
  const query = {
    filter,
    sort: { field: "id", order: "DESC" as const },
    pagination: { page: 1, perPage: entriesShown },
  };
  const { data, error, isPending, refetch, total = 0 } = useGetList(auditLog, query, { retry: false });
  return (
    <Card component="section" aria-label={translate("desk.show.history")} sx={{ p: 2, minWidth: 0 }}>
      <Typography variant="h2" sx={{ mb: 1 }}>
        {translate("desk.show.history")}
      </Typography>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Skeleton variant="rounded" height={72} />}
      {data?.length === 0 && (
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {translate("desk.show.noHistory")}
        </Typography>
      )}
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
        {data?.map((entry) => (
          <Entry key={entry.id} entry={entry} resource={resource} />
        ))}
      </Box>
      {total > entriesShown && (
        <Button size="small" component={Link} to={`/${auditLog}?filter=${encodeURIComponent(JSON.stringify(filter))}`}>
          {translate("desk.show.olderInLog")}
        </Button>
      )}
    </Card>
  );
}

function Entry({ entry, resource }: { readonly entry: RaRecord; readonly resource: string }) {
  const translate = useTranslate();
  const by = entry.actorKind === "system" ? translate("desk.show.system") : String(entry.actorName);
  const words = actionWords(resource, String(entry.action), useScreenLocale());
  return (
    <Box component="li" sx={{ borderLeft: `2px solid ${token("lineStrong")}`, pl: 1.5, minWidth: 0 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {words}{" "}
        <Box component="span" sx={{ fontWeight: 400, color: token("textMuted") }}>
          <Time iso={String(entry.at)} /> · {translate("desk.show.by", { name: by })}
        </Box>
      </Typography>
      {typeof entry.reason === "string" && entry.reason !== "" && (
        <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
          {translate("desk.show.reason")}
          {translate("desk.colon")}
          {entry.reason}
        </Typography>
      )}
      <ChangeTable before={entry.before} after={entry.after} resource={resource} />
    </Box>
  );
}
