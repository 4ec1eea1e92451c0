/** What finance may have as a file. */
export const exportReports = [
  "ledger",
  "trial-balance",
  "trades",
  "commissions",
  "agent-statements",
  "deposits",
  "withdrawals",
  "adjustments",
] as const;
export type ExportReport = (typeof exportReports)[number];

/**
 * `excel`: CSV with a byte order mark, and texts that a spreadsheet would take for a formula made harmless. `system`: CSV as it is.
 * `worksheet`: XLSX, of what is not too long for it.
 */
export const exportProfiles = ["excel", "system", "worksheet"] as const;
export type ExportProfile = (typeof exportProfiles)[number];

export const exportSeparators = ["comma", "semicolon", "tab"] as const;
export type ExportSeparator = (typeof exportSeparators)[number];

export const exportStates = ["queued", "running", "succeeded", "failed", "cancelled", "expired"] as const;
export type ExportState = (typeof exportStates)[number];

/** How often a schedule asks: once for each book date, week from Monday, or month. */
export const exportPeriods = ["day", "week", "month"] as const;
export type ExportPeriod = (typeof exportPeriods)[number];
