import { Box, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";

interface RowsProps {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that hold figures. */
  readonly figures?: readonly number[];
}

/** A small table of texts; figures stand to the right. */
export function DataRows({ head, rows, figures = [] }: RowsProps) {
  const alignOf = (column: number) => (figures.includes(column) ? "right" : "left");
  return (
    <Box sx={{ overflowX: "auto", maxWidth: "100%" }} tabIndex={0}>
      <Table size="small">
        {head.length > 0 && (
          <TableHead>
            <TableRow>
              {head.map((text, column) => (
                <TableCell key={text} align={alignOf(column)}>
                  {text}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
        )}
        <TableBody>
          {rows.map((cells) => (
            <TableRow key={cells.join("\u0000")}>
              {cells.map((text, column) => (
                <TableCell
                  key={`${head[column] ?? column}`}
                  align={alignOf(column)}
                  sx={alignOf(column) === "right" ? {} : { whiteSpace: "normal", minWidth: 72 }}
                >
                  {text}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
