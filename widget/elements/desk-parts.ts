import { setLateTexts } from "../i18n/late-texts.ts";
import { riskRefusals } from "../i18n/risk-refusals.ts";
import { TruewickChartLines } from "./chart-lines.ts";
import { TruewickDesk } from "./desk.ts";
import { TruewickKeysHelp } from "./keys-help.ts";
import { TruewickPriceEdit } from "./price-edit.ts";

setLateTexts(riskRefusals);

/** Elements of what is held and what waits, in the lists and on the chart, and the list of keys, in the order in which they are defined. */
export const deskParts = [
  ["truewick-chart-lines", TruewickChartLines],
  ["truewick-price-edit", TruewickPriceEdit],
  ["truewick-keys-help", TruewickKeysHelp],
  ["truewick-desk", TruewickDesk],
] as const;
