import { Box, Card, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { token } from "../../theme/tokens.ts";

interface PanelProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A titled card of the dashboard. */
export function Panel({ title, note = null, children }: PanelProps) {
  return (
    <Card component="section" aria-label={title} sx={{ minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", alignItems: "baseline", px: 2, pt: 1.5, pb: 1 }}>
        <Typography variant="h2">{title}</Typography>
        <Typography variant="caption" sx={{ color: token("textMuted") }}>
          {note}
        </Typography>
      </Box>
      {children}
    </Card>
  );
}

export interface Column {
  readonly name: string;
  readonly isFigure: boolean;
}
export interface Row {
  readonly key: string;
  readonly cells: readonly ReactNode[];
}

/** A dense table; it scrolls within itself where there is no room. */
export function PanelTable({ columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly Row[] }) {
  const align = (isFigure: boolean | undefined) => (isFigure === true ? "right" : "left");
  return (
    <Box sx={{ overflowX: "auto" }} tabIndex={0}>
      <Table
        size="small"
        sx={{
          "& td, & th": { px: 1 },
          "& td:first-of-type, & th:first-of-type": { pl: 2 },
          "& td:last-of-type, & th:last-of-type": { pr: 2 },
        }}
      >
        <TableHead>
          <TableRow>
            {columns.map(({ name, isFigure }) => (
              <TableCell key={name} align={align(isFigure)}>
                {name}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(({ key, cells }) => (
            <TableRow key={key}>
              {cells.map((cell, index) => (
                <TableCell key={columns[index]?.name ?? index} align={align(columns[index]?.isFigure)}>
                  {cell}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

export function PanelWords({ children }: { readonly children: ReactNode }) {
  return (
    <Typography variant="body2" sx={{ px: 2, pb: 2, color: token("textMuted") }}>
      {children}
    </Typography>
  );
}
