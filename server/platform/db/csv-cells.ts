import pg from "pg";

/** Characters that make a spreadsheet read a text as a formula, the full-width forms included. NUL cannot be stored at all. */
const formulaStarts = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"];

/** A text that a spreadsheet would take for a formula gets a leading apostrophe. `textSql` is an expression of type text. */
export const formulaGuardSql = (textSql: string): string =>
  `CASE WHEN left(${textSql}, 1) IN (${formulaStarts.map((start) => pg.escapeLiteral(start)).join(", ")}) THEN '''' || ${textSql} ELSE ${textSql} END`;
