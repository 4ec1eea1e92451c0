import { Box, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { useTranslate } from "react-admin";
import { z } from "zod";
import { auditFields } from "#contracts/audit-fields.ts";
import type { Field } from "#contracts/field.ts";
import { declarationNamed } from "../declarations.ts";
import { FieldView } from "./field-view.tsx";
import { useSay } from "./hooks.ts";
import { NestedValue } from "./nested-value.tsx";

const image = z.record(z.string(), z.unknown()).nullish().catch(null);
type Image = Readonly<Record<string, unknown>>;

interface Props {
  readonly before: unknown;
  readonly after: unknown;
  /** Names the fields. */
  readonly resource: string;
}

/** The fields that a change altered, before and after. Fields that stayed are not repeated. */
export function ChangeTable({ before, after, resource }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const was = image.parse(before) ?? {};
  const is = image.parse(after) ?? {};
  const fields = fieldsOf(resource);
  const names = [...new Set([...Object.keys(fields), ...Object.keys(was), ...Object.keys(is)])];
  const changed = names.filter((name) => JSON.stringify(was[name] ?? null) !== JSON.stringify(is[name] ?? null));
  if (changed.length === 0) return null;
  const labelOf = (name: string): string => {
    const field = fields[name];
    return field === undefined ? name : say(field.label);
  };
  const cell = { whiteSpace: "normal", overflowWrap: "anywhere", verticalAlign: "top", py: 0.75 } as const;
  return (
    <Box sx={{ overflowX: "auto", mt: 0.5 }}>
      <Table size="small" sx={{ maxWidth: 960, tableLayout: "fixed" }}>
        <TableHead>
          <TableRow>
            <TableCell sx={{ width: "28%" }}>{translate("desk.show.field")}</TableCell>
            <TableCell>{translate("desk.show.before")}</TableCell>
            <TableCell>{translate("desk.show.after")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {changed.map((name) => (
            <TableRow key={name}>
              <TableCell sx={cell}>{labelOf(name)}</TableCell>
              <TableCell sx={cell}>
                <Value name={name} field={fields[name]} image={was} beside={is} />
              </TableCell>
              <TableCell sx={cell}>
                <Value name={name} field={fields[name]} image={is} beside={was} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

/** What a record has, and what its commands are given: an entry of the audit log may tell either. */
function fieldsOf(resource: string): Readonly<Record<string, Field>> {
  const declaration = declarationNamed(resource);
  const inputs = Object.values(declaration?.commands ?? {}).map(({ input }) => input);
  return { ...auditFields, ...Object.assign({}, ...inputs), ...declaration?.fields };
}

interface ValueProps {
  readonly name: string;
  readonly field: Field | undefined;
  readonly image: Image;
  /** The other side, for what did not change: the currency of an amount. */
  readonly beside: Image;
}

/** A declared field as everywhere else; anything else as it was written down. */
function Value({ name, field, image, beside }: ValueProps) {
  if (field === undefined) return <NestedValue value={image[name]} />;
  return <FieldView name={name} field={field} record={{ id: "", ...beside, ...image, [name]: image[name] }} />;
}
