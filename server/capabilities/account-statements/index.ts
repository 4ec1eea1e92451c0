export { foreseeStatements, isPricedThrough, makeStatements } from "./make-statements.ts";
export { statementCsv } from "./statement-csv.ts";
export { statementPage, statementStyle } from "./statement-page.ts";
export { findStatement, readStatements, type StatementRow } from "./statements.store.ts";
export { type StatementFault, type VerifiedStatements, verifyStatements } from "./verify-statements.ts";
