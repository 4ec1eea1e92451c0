import { Box, Card, Skeleton, Typography } from "@mui/material";
import { useEffect, useRef } from "react";
import {
  EditButton,
  ListButton,
  type RaRecord,
  ShowBase,
  Title,
  useRefresh,
  useShowContext,
  useTranslate,
} from "react-admin";
import type { Field, JsonField } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { shownFields } from "../providers/fields.ts";
import { token } from "../theme/tokens.ts";
import { ChangeTable } from "./change-table.tsx";
import { CommandButtons, fits } from "./command-buttons.tsx";
import { FieldView } from "./field-view.tsx";
import { useDeclaration, useMay, useSay, useScreenLocale } from "./hooks.ts";
import { RecordAttachments } from "./record-attachments.tsx";
import { RecordClose } from "./record-close.tsx";
import { RecordFiles } from "./record-files.tsx";
import { RecordHistory } from "./record-history.tsx";
import { RecordLinkGroup } from "./record-link-group.tsx";
import { RecordRiskChange } from "./record-risk-change.tsx";
import { RecordStory } from "./record-story.tsx";
import { titleOf } from "./record-title.ts";
import { RecordWaterfall } from "./record-waterfall.tsx";
import { RelatedLinks } from "./related-links.tsx";
import { ShownLists } from "./shown-lists.tsx";
import { StatementImport } from "./statement-import.tsx";
import { ErrorState } from "./states.tsx";

/** The page about one record: what it is and its state, what may be done now, the facts, then its history. */
export function ResourceShow() {
  return (
    <ShowBase queryOptions={{ retry: false, onError: () => undefined }}>
      <RecordPage />
    </ShowBase>
  );
}

/** The record of the ShowBase around it. `byKeys`: in a queue, where its commands have letters and the queue is the title. */
export function RecordPage({ byKeys = false }: { readonly byKeys?: boolean }) {
  const declaration = useDeclaration();
  const { record, error, refetch } = useShowContext();
  useLooksAgain(record !== undefined && declaration.underWay !== undefined && fits(declaration.underWay, record));
  if (error !== null && error !== undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  if (record === undefined) return <Skeleton variant="rounded" height={360} sx={{ mt: 2 }} />;
  return (
    <Box sx={{ display: "grid", gap: 2, py: 2, minWidth: 0 }}>
      <RecordHead declaration={declaration} record={record} byKeys={byKeys} />
      {declaration.name === "risk-changes" && <RecordRiskChange record={record} />}
      <Facts declaration={declaration} record={record} />
      <RecordAttachments declaration={declaration} record={record} />
      {declaration.name === "day-closes" && <RecordClose record={record} />}
      {declaration.name === "account-links" && <RecordLinkGroup record={record} />}
      {declaration.name === "bank-accounts" && <StatementImport record={record} />}
      <RelatedLinks declaration={declaration} record={record} />
      <RecordStory declaration={declaration} id={String(record.id)} />
      <RecordWaterfall declaration={declaration} record={record} />
      <ShownLists declaration={declaration} record={record} />
      <RecordHistory declaration={declaration} id={String(record.id)} />
    </Box>
  );
}

const lookAgainMs = 2_000;

/** Reads the page anew while the server works on its record, and once more when it is done: its lists may have been read just before. */
function useLooksAgain(isUnderWay: boolean): void {
  const refresh = useRefresh();
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !isUnderWay) refresh();
    was.current = isUnderWay;
    if (!isUnderWay) return;
    const looking = setInterval(refresh, lookAgainMs);
    return () => clearInterval(looking);
  }, [isUnderWay, refresh]);
}

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

function RecordHead({ declaration, record, byKeys }: Props & { readonly byKeys: boolean }) {
  const say = useSay();
  const may = useMay();
  const title = titleOf(declaration, record, useScreenLocale());
  const states = ["state", "tradeMode"].flatMap((key) => {
    const field = declaration.fields[key];
    return field === undefined ? [] : [[key, field] as const];
  });
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "center" }}>
      {!byKeys && <Title title={`${say(declaration.one)} ${title}`} />}
      <Box
        sx={{
          display: "flex",
          flexWrap: "wrap",
          gap: "4px 12px",
          alignItems: "baseline",
          minWidth: 0,
          flex: "1 1 260px",
        }}
      >
        <Typography variant="h1" component="h2" sx={{ overflowWrap: "anywhere" }}>
          {title}
        </Typography>
        {states.map(([key, field]) => (
          <Typography key={key} variant="body1" component="span">
            <FieldView name={key} field={field} record={record} />
          </Typography>
        ))}
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <RecordFiles declaration={declaration} record={record} />
        <CommandButtons declaration={declaration} record={record} byKeys={byKeys} />
        {may(declaration.name, "update") && fits(declaration.updateWhen, record) && <EditButton variant="outlined" />}
        <ListButton />
      </Box>
    </Box>
  );
}

function Facts({ declaration, record }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const fields = shownFields(declaration);
  const short = fields.filter(([, field]) => field.kind !== "json");
  const documents = fields.filter(
    ([name, field]) =>
      field.kind === "json" &&
      !isImage(field) &&
      !isTold(declaration, field) &&
      record[name] !== null &&
      record[name] !== undefined,
  );
  return (
    <Card component="section" aria-label={translate("desk.show.facts")} sx={{ p: 2, minWidth: 0 }}>
      <Box
        component="dl"
        sx={{
          m: 0,
          display: "grid",
          gap: "12px 24px",
          gridTemplateColumns: { xs: "repeat(2, minmax(0, 1fr))", sm: "repeat(auto-fill, minmax(200px, 1fr))" },
        }}
      >
        {short.map(([name, field]) => (
          <Box key={name} sx={{ minWidth: 0 }}>
            <Typography
              component="dt"
              variant="caption"
              sx={{ color: token("textMuted") }}
              title={helpOf(field.help, say)}
            >
              {say(field.label)}
            </Typography>
            <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: "anywhere" }}>
              <FieldView name={name} field={field} record={record} />
            </Typography>
          </Box>
        ))}
      </Box>
      {documents.map(([name, field]) => (
        <Box key={name} sx={{ mt: 2 }}>
          <Typography variant="caption" component="h3" sx={{ color: token("textMuted"), m: 0 }}>
            {say(field.label)}
          </Typography>
          <FieldView name={name} field={field} record={record} />
        </Box>
      ))}
      <Images declaration={declaration} record={record} />
    </Card>
  );
}

/** The first image of the record is what was, the last what is. */
function Images({ declaration, record }: Props) {
  const images = shownFields(declaration).flatMap(([name, field]) => (isImage(field) ? [{ name, of: field.of }] : []));
  const [before, after] = [images[0], images.at(-1)];
  if (before === undefined || after === undefined) return null;
  const of = before.of ?? String(record.resource);
  return <ChangeTable before={record[before.name]} after={record[after.name]} resource={of} />;
}

/** Checks of a decision are told by the record's story, where it has one. */
const isTold = ({ story }: ResourceDeclaration, field: Field): boolean =>
  story === true && field.kind === "json" && field.schema === "order-checks";

/** What a record was before or after a change: told side by side, in the words of that record's resource. */
const isImage = (field: Field): field is JsonField => field.kind === "json" && field.schema === "record-image";

const helpOf = (help: readonly [string, string] | undefined, say: ReturnType<typeof useSay>): string | undefined =>
  help === undefined ? undefined : say(help);
