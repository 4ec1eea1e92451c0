/** By what the exposure desk adds up positions. */
export const exposureGroupings = ["instrument", "class", "partner", "agent", "trader"] as const;
export type ExposureGrouping = (typeof exposureGroupings)[number];

/** Which accounts are the worst: lowest margin level, largest open loss, least room to the stop-out. */
export const worstOrders = ["level", "loss", "room"] as const;
export type WorstOrder = (typeof worstOrders)[number];
