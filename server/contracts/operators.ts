/**
 * Filter operators, written as a suffix of the field's name: `acceptedAt_gte`. No suffix: equal, or one of a list.
 * `_like` looks for the text anywhere in it, whatever the case.
 */
export const filterOperators = ["gte", "lte", "gt", "lt", "neq", "like"] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** Bounds of a list request: what is above is refused (ids) or cut (range). */
export const pageRowsMax = 200;
export const idListMax = 500;
export const countedRowsMax = 10_000;
