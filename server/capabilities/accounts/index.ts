export { type AgentRefusal, createAgent, type NewAgent } from "./create-agent.ts";
export {
  addPartnerKey,
  allowOrigins,
  type CreatedPartner,
  createPartner,
  type NewPartner,
  type PartnerKey,
  type PartnerRefusal,
  revokePartnerKey,
} from "./create-partner.ts";
export type { AccountsDeps } from "./deps.ts";
export { type Funded, type Funding, type FundRefusal, fund, fundAccount } from "./fund-account.ts";
export { type NewAccount, type OpenAccountRefusal, type OpenedAccount, openAccount } from "./open-account.ts";
export { type NewTrader, registerPartnerTrader, registerTrader, type TraderRefusal } from "./register-trader.ts";
