export { changeAccountState, changeAgentState, changePartnerState, setTraderTier } from "./change-state.ts";
export { createInstrument, type InstrumentRefusal, setTradeMode, updateInstrument } from "./instruments.ts";
export { isLastAdmin, type StaffUpdateRefusal, updateStaff } from "./update-staff.ts";
