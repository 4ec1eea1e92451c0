import { describe, expect, test } from "@jest/globals";
import { type Locale, locales } from "#contracts/names.ts";
import { orderRefusalCodes, orderRejectionCodes } from "#contracts/order-names.ts";
import { limitTexts } from "../../widget/i18n/account-limits.ts";
import { cashierTexts } from "../../widget/i18n/cashier.ts";
import { dictionaries } from "../../widget/i18n/dictionaries.ts";
import { proofTexts } from "../../widget/i18n/fill-proof.ts";
import { keysTexts } from "../../widget/i18n/keys-help.ts";
import { setLateTexts } from "../../widget/i18n/late-texts.ts";
import { ownLimitTexts } from "../../widget/i18n/own-limits.ts";
import { refusalText, rejectionText } from "../../widget/i18n/refusal-text.ts";
import { riskRefusals } from "../../widget/i18n/risk-refusals.ts";
import { anInstrument } from "./builders.ts";

const about = { instrumentId: "MES", instrument: anInstrument(), currency: "USD" };
const failed = (code: string, limit: string | null, value: string | null, source: string | null = null) => [
  { code, passed: false, limit, value, headroom: null, source },
];

/** Every plain text of a dictionary with its path. */
function textsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

setLateTexts(riskRefusals);

describe("refusals", () => {
  const codes = [...orderRefusalCodes, ...orderRejectionCodes];
  test.each(locales.flatMap((locale) => codes.map((code) => [locale, code] as const)))(
    "in %s, %s is told in words, without its code",
    (locale, code) => {
      const bare = refusalText({ code, ...about }, locale);
      const full = refusalText({ code, checks: failed(code, "10", "12", "agent:G1"), ...about }, locale);
      for (const text of [bare, full]) {
        expect(text).not.toContain(code);
        expect(text).not.toMatch(/null|undefined|\bNaN\b/);
        expect(text).toMatch(/[.。]$/);
      }
    },
  );

  test("carry the numbers and who set the limit", () => {
    const answer = { code: "POSITION_LIMIT", checks: failed("POSITION_LIMIT", "10", "12", "agent:G1"), ...about };
    expect(refusalText(answer, "en")).toBe(
      "Refused: this would make 12 lots of MES; your limit is 10 (set by your group).",
    );
    expect(refusalText(answer, "zh-CN")).toBe("已拒绝：成交后 MES 持仓将为 12 手，您的上限是 10 手（由所在组设定）。");
  });

  test("write money with its currency", () => {
    const checks = failed("INSUFFICIENT_FUNDS", "4321.00", "6603.10", "account");
    expect(refusalText({ code: "INSUFFICIENT_FUNDS", checks, ...about }, "en")).toBe(
      "Refused: margin and fee need 6,603.10\u00a0USD; 4,321.00\u00a0USD is available.",
    );
  });

  test("of codes that only the server knows name the code and say that nothing was traded", () => {
    expect(refusalText({ status: 422, code: "NEW_RULE", ...about }, "en")).toBe(
      "Refused (NEW_RULE). Nothing was traded.",
    );
    expect(refusalText({ status: 429, code: "TOO_MANY_MESSAGES", ...about }, "en")).toContain("too many requests");
  });

  test("after acceptance are told as not filled", () => {
    expect(rejectionText({ code: "POSITION_GONE", ...about }, "en")).toContain("Not filled: the position was already");
  });
});

/** With the words of what is loaded later. */
const all = Object.fromEntries(
  locales.map((locale) => [
    locale,
    {
      ...dictionaries[locale],
      keysHelp: keysTexts[locale],
      cashier: cashierTexts[locale],
      proof: proofTexts[locale],
      limits: limitTexts[locale],
      ownLimits: ownLimitTexts[locale],
      risk: riskRefusals[locale],
    },
  ]),
) as Readonly<Record<Locale, object>>;

describe("dictionaries", () => {
  test("hold no text that was left in English", () => {
    const english = new Map(textsOf(all.en, "texts"));
    const same = textsOf(all["zh-CN"], "texts").filter(([path, text]) => english.get(path) === text);
    expect(same.map(([, text]) => text)).toEqual(["B", "S", "↑ ↓", "Enter", "Esc", "X", "T", "L", "Tab", "?", "IBAN"]);
  });

  test("neither urge nor shout", () => {
    const loud = locales.flatMap((locale) => textsOf(all[locale], locale).filter(([, text]) => /[!！]/.test(text)));
    expect(loud).toEqual([]);
  });

  test("write Chinese with full-width punctuation", () => {
    const narrow = textsOf(all["zh-CN"], "zh").filter(([, text]) => /[\u4e00-\u9fff][,;:?.]/.test(text));
    expect(narrow).toEqual([]);
  });
});
