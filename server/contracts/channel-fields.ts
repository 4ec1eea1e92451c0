import type { IntegerField, Label, MoneyField } from "./field.ts";

/** Kinds of field that a payment channel's row is made of. */

/** An amount in the currency of the channel's row. */
export const channelMoney = (label: Label, help?: Label) =>
  ({
    kind: "money",
    currency: "currency",
    signed: false,
    label,
    sortable: false,
    ...(help === undefined ? {} : { help }),
  }) as const satisfies MoneyField;
export const unlimited: Label = ["Empty: no limit.", "留空：不限。"];
export const whole = { kind: "integer", min: 0, sortable: false } as const satisfies Partial<IntegerField>;
