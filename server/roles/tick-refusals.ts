import type { KnownRefusal } from "./back-office-refusals.ts";

/** The field at fault and what to tell the person, for each no that a correction of a tick gives the back office. */
export const tickRefusals: Readonly<Record<string, KnownRefusal>> = {
  UNKNOWN_TICK: { says: ["There is no such tick, or it was swept.", "该报价不存在或已被清理。"] },
  TICK_PRICES_NOTHING: { says: ["This tick is in no bar.", "该报价未计入任何 K 线。"] },
  PRICE_MISSING: { says: ["Say which price holds instead.", "请填写更正后的价格。"] },
  PRICE_NOT_ALONE: { says: ["Only for another price; leave empty.", "仅用于更正价格，请留空。"] },
  PRICE_OFF_TICK: { says: ["Must be a whole tick above zero.", "必须为大于零的整数最小变动价位。"] },
  ONLY_TICK: {
    says: [
      "The only tick of its minute can't be taken back; give it another price.",
      "该分钟仅有此报价，不能撤销，请更正价格。",
    ],
  },
  TICKS_INCOMPLETE: {
    status: 409,
    says: [
      "The stored ticks and minutes do not give the stored bars, so these can't be made anew.",
      "已存报价与分钟线无法还原已存 K 线，不能重算。",
    ],
  },
};
