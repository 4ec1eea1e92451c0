import { Box, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { useTranslate } from "react-admin";
import { z } from "zod";
import { declarationNamed } from "../declarations.ts";
import { useSay } from "./hooks.ts";
import { wordsOf } from "./json-view.tsx";

const image = z.record(z.string(), z.unknown()).nullish();

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
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  if (changed.length === 0) return null;
  const labelOf = (name: string): string => {
    const field = declarationNamed(resource)?.fields[name];
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
              <TableCell sx={cell}>{wordsOf(was[name])}</TableCell>
              <TableCell sx={cell}>{wordsOf(is[name])}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
