export { type ExpiryPorts, expireContracts } from "./expire-contracts.job.ts";
export { type ContractRefusal, createContract, updateContract } from "./manage-contracts.ts";
export { type MarkPorts, markDates } from "./mark-dates.job.ts";
