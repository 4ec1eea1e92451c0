export { foreseeStatements, isPricedThrough, makeStatements } from "./make-statements.ts";
export { type StatementFault, type VerifiedStatements, verifyStatements } from "./verify-statements.ts";
