export { type BankDetails, bankDetails } from "./bank-details.ts";
export { type DecideRefusal, decideDeposit, type WantedDecision } from "./decide-deposit.ts";
export { type DepositRow, listDeposits } from "./deposits.store.ts";
export { type ImportRefusal, importStatement, type StatementFile } from "./import-statement.ts";
export { type DepositDeps, findChannel } from "./ports.ts";
export { type RefusedDeposit, requestDeposit, type WantedDeposit } from "./request-deposit.ts";
export { settleDeposits } from "./settle-deposits.ts";
export { takeNotice } from "./take-notice.ts";
