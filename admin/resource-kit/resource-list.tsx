import { Box, type Theme, useMediaQuery } from "@mui/material";
import type { MouseEvent, ReactNode } from "react";
import {
  DataTable,
  type Identifier,
  List,
  Pagination,
  type RaRecord,
  useCreatePath,
  useListContext,
  useTranslate,
} from "react-admin";
import { Link } from "react-router-dom";
import type { Field } from "#contracts/field.ts";
import { figure } from "../format/figures.ts";
import { columnFields, isFigure, isSortable } from "../providers/fields.ts";
import { FieldView } from "./field-view.tsx";
import { sharedCurrency, useHead } from "./heads.ts";
import { useDeclaration, useMay } from "./hooks.ts";
import { ListTools } from "./list-tools.tsx";
import { RecordCards } from "./record-cards.tsx";
import { EmptyState, ListErrorState } from "./states.tsx";

const pageSizes = [25, 50, 100, 200];

/** The list of a declared resource: a dense table, or cards where there is no room for one. */
export function ResourceList() {
  const { name, sort } = useDeclaration();
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down("md"));
  return (
    <List
      key={name}
      sort={{ field: sort[0], order: sort[1] }}
      perPage={50}
      actions={<ListTools hasColumns={!isNarrow} />}
      empty={false}
      error={<ListErrorState />}
      exporter={false}
      pagination={<Pages />}
      queryOptions={{ retry: false, onError: () => undefined }}
      sx={{
        minWidth: 0,
        "& .RaList-main, & .RaList-content": { minWidth: 0 },
        "& .RaList-actions": { display: "block" },
      }}
    >
      {isNarrow ? <RecordCards /> : <RecordTable />}
    </List>
  );
}

/** Which rows of how many; a total that the server only estimates says so. */
function Pages() {
  const translate = useTranslate();
  const { meta, error } = useListContext();
  const words = ({ from, to, count }: { from: number; to: number; count: number }) =>
    translate(meta?.isEstimated === true ? "desk.list.rangeOfAbout" : "ra.navigation.page_range_info", {
      offsetBegin: from,
      offsetEnd: to,
      total: figure(count),
    });
  if (error !== null && error !== undefined) return null;
  // Passed on to MUI's pagination, though react-admin's type does not name it.
  const passedOn = { labelDisplayedRows: words };
  return <Pagination rowsPerPageOptions={pageSizes} {...passedOn} />;
}

const tableSx = {
  // Room for the bar above, the tools and the pagination, so that the head stays and the page does not scroll.
  "& .RaDataTable-tableWrapper": { overflow: "auto", maxHeight: "calc(100vh - 190px)", minHeight: 160 },
  "& .RaDataTable-headerCell": { lineHeight: 1.2 },
} as const;

/** Names end in an ellipsis; the page of the record has room for the whole. */
const canBeLong: ReadonlySet<Field["kind"]> = new Set(["text", "texts", "ref", "email"]);
const shortened = { maxWidth: 220, overflow: "hidden", textOverflow: "ellipsis" } as const;

function RecordTable() {
  const declaration = useDeclaration();
  const headOf = useHead();
  const { data = [] } = useListContext();
  const columns = columnFields(declaration);
  const leading = declaration.list.find((name) => !leadsElsewhere(declaration.fields[name]));
  const hidden = columns.map(([name]) => name).filter((name) => !declaration.list.includes(name));
  return (
    <DataTable
      stickyHeader
      bulkActionButtons={false}
      rowClick="show"
      hiddenColumns={hidden}
      empty={<EmptyState />}
      sx={tableSx}
    >
      {columns.map(([name, field]) => (
        <DataTable.Col
          key={name}
          source={name}
          label={headOf(field, data)}
          disableSort={!isSortable(field)}
          {...(isFigure(field) ? { align: "right" as const } : {})}
          sx={canBeLong.has(field.kind) ? shortened : {}}
          render={(record: RaRecord) => (
            <MaybeLink isLink={name === leading} id={record.id}>
              <FieldView
                name={name}
                field={field}
                record={record}
                withoutUnit={sharedCurrency(field, data) !== null}
                oneLine
              />
            </MaybeLink>
          )}
        />
      ))}
    </DataTable>
  );
}

/** A cell that is a control of its own, or leads to another record. */
const leadsElsewhere = (field: Field | undefined): boolean =>
  field === undefined ||
  field.kind === "ref" ||
  field.kind === "id" ||
  (field.kind === "text" && field.names === "object");

interface LinkProps {
  readonly isLink: boolean;
  readonly id: Identifier;
  readonly children: ReactNode;
}

/** A click anywhere on a row opens its record; this is the way for a keyboard. */
function MaybeLink({ isLink, id, children }: LinkProps) {
  const { name } = useDeclaration();
  const may = useMay();
  const path = useCreatePath();
  if (!isLink || !may(name, "read")) return <>{children}</>;
  return (
    <Box
      component={Link}
      to={path({ resource: name, type: "show", id })}
      onClick={(event: MouseEvent) => event.stopPropagation()}
      sx={{ color: "inherit", textDecoration: "none", "&:hover": { textDecoration: "underline" } }}
    >
      {children}
    </Box>
  );
}
