import {
  Box,
  Button,
  Card,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from "@mui/material";
import { type RaRecord, useGetList, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import type { Matching, ResourceDeclaration, ShownList } from "#contracts/resource.ts";
import { declarationNamed } from "../declarations.ts";
import { figure } from "../format/figures.ts";
import { columnFields, isFigure } from "../providers/fields.ts";
import { token } from "../theme/tokens.ts";
import { FieldView } from "./field-view.tsx";
import { sharedCurrency, useHead } from "./heads.ts";
import { useMay, useSay } from "./hooks.ts";
import { IdLink } from "./id-text.tsx";
import { ErrorState } from "./states.tsx";

const rowsShown = 10;
const columnsShown = 7;

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** The lists that the declaration shows on the page of a record, as far as the viewer may see them. */
export function ShownLists({ declaration, record }: Props) {
  const may = useMay();
  const allowed = (declaration.shows ?? []).filter(
    ({ resource, through }) => may(resource, "list") && (through === undefined || may(through.resource, "list")),
  );
  return allowed.map((list) => <Shown key={JSON.stringify(list)} list={list} record={record} />);
}

function Shown({ list, record }: { readonly list: ShownList; readonly record: RaRecord }) {
  if (list.through === undefined) return <MatchingList list={list} of={[record]} />;
  return <Through list={list} through={list.through} record={record} />;
}

function Through({ list, through, record }: { list: ShownList; through: Matching; record: RaRecord }) {
  const { data, error, refetch } = useMatching(through, [record]);
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton variant="rounded" height={96} />;
  return <MatchingList list={list} of={data} />;
}

/** A filter by the values that these records have; null where one of them is missing, so that nothing can match. */
function filterOf({ where, only = {} }: ShownList, records: readonly RaRecord[]): Record<string, unknown> | null {
  const filter: Record<string, unknown> = { ...only };
  for (const [theirs, ours] of Object.entries(where)) {
    const values = [...new Set(records.map((record) => record[ours]))].filter((value) => value != null);
    if (values.length === 0) return null;
    filter[theirs] = values.length === 1 ? values[0] : values;
  }
  return filter;
}

function useMatching(matching: ShownList, of: readonly RaRecord[]) {
  const filter = filterOf(matching, of);
  const sort = declarationNamed(matching.resource)?.sort ?? ["id", "DESC"];
  const query = {
    filter: filter ?? {},
    sort: { field: sort[0], order: sort[1] },
    pagination: { page: 1, perPage: rowsShown },
  } as const;
  const reply = useGetList(matching.resource, query, { retry: false, enabled: filter !== null });
  return { ...reply, filter, data: filter === null ? [] : reply.data };
}

function MatchingList({ list, of }: { readonly list: ShownList; readonly of: readonly RaRecord[] }) {
  const translate = useTranslate();
  const say = useSay();
  const { data, error, refetch, filter, total = 0 } = useMatching(list, of);
  const declaration = declarationNamed(list.resource);
  if (declaration === undefined) return null;
  const title = titleOfList(declaration, list, say);
  return (
    <Card component="section" aria-label={title} sx={{ minWidth: 0, pb: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center", px: 2, pt: 1.5, pb: 0.5 }}>
        <Typography variant="h2">{title}</Typography>
        {filter !== null && total > rowsShown && (
          <Button
            size="small"
            component={Link}
            to={`/${list.resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`}
          >
            {translate("desk.show.all", { total: figure(total) })}
          </Button>
        )}
      </Box>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton variant="rounded" height={72} sx={{ mx: 2, mb: 1 }} />}
      {data?.length === 0 && (
        <Typography variant="body2" sx={{ px: 2, pb: 1, color: token("textMuted") }}>
          {translate("desk.show.noneYet")}
        </Typography>
      )}
      {data !== undefined && data.length > 0 && <Rows declaration={declaration} list={list} rows={data} />}
    </Card>
  );
}

/** Two lists of one kind on a page are told apart by what they were found by, or by the only records that they have. */
function titleOfList(declaration: ResourceDeclaration, list: ShownList, say: ReturnType<typeof useSay>): string {
  const named = Object.entries(list.only ?? {}).flatMap(([name, value]) => {
    const field = declaration.fields[name];
    return field?.kind === "choice" ? [say(field.optionLabels[value] ?? [value, value])] : [];
  });
  const [first, ...others] = Object.keys(list.where);
  const by = declaration.fields[first ?? ""];
  const isBy = by?.kind === "ref" && by.to !== "accounts" && others.length === 0 && list.resource === "transfers";
  return [say(declaration.label), ...(isBy ? [say(by.label)] : []), ...named].join(" · ");
}

interface RowsProps {
  readonly declaration: ResourceDeclaration;
  readonly list: ShownList;
  readonly rows: readonly RaRecord[];
}

function Rows({ declaration, list, rows }: RowsProps) {
  const headOf = useHead();
  const columns = columnFields(declaration)
    .filter(
      ([name]) =>
        declaration.list.includes(name) && name !== "id" && !(name in list.where) && !(name in (list.only ?? {})),
    )
    .slice(0, columnsShown);
  const idField = declaration.fields.id;
  return (
    <Box sx={{ overflowX: "auto" }} tabIndex={0}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {idField !== undefined && <TableCell sx={{ pl: 2 }}>{headOf(idField, rows)}</TableCell>}
            {columns.map(([name, field]) => (
              <TableCell key={name} align={isFigure(field) ? "right" : "left"}>
                {headOf(field, rows)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.id} hover>
              <TableCell sx={{ pl: 2 }}>
                <IdLink id={String(row.id)} to={declaration.name} />
              </TableCell>
              {columns.map(([name, field]) => (
                <TableCell key={name} align={isFigure(field) ? "right" : "left"}>
                  <FieldView
                    name={name}
                    field={field}
                    record={row}
                    withoutUnit={sharedCurrency(field, rows) !== null}
                  />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
