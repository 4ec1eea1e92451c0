import { describe, expect, test } from "@jest/globals";
import raEnglish from "ra-language-english";
import {
  accountStates,
  marginStages,
  tradeModes,
  withdrawalRefusalCodes,
  withdrawalReviewReasons,
} from "#contracts/names.ts";
import { orderRefusalCodes } from "#contracts/order-names.ts";
import { depositRefusalCodes, depositReviewReasons } from "#contracts/payment-names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { en } from "../../admin/i18n/en.ts";
import { resourceMessages } from "../../admin/i18n/resource-messages.ts";
import { zhCN } from "../../admin/i18n/zh-CN.ts";
import { declarations } from "./support/declarations.ts";

type Words = ReadonlyMap<string, string>;

/** `ra.action.save` -> "Save". */
function flat(messages: object, prefix = ""): Map<string, string> {
  const words = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === "string") words.set(`${prefix}${key}`, value);
    else for (const [path, text] of flat(value as object, `${prefix}${key}.`)) words.set(path, text);
  }
  return words;
}

const english: Words = flat(en);
const chinese: Words = flat(zhCN);
const placeholders = (text: string): string[] => [...new Set(text.match(/%\{\w+\}/g) ?? [])].sort();
const isChinese = (text: string): boolean => /[\u3400-\u9fff]/.test(text);

/** Names, units and signs that are the same in both languages. */
const sameInBoth = new Set([
  "desk.name",
  "desk.colon",
  "desk.sources.oanda",
  "ra.boolean.null",
  "desk.command.run",
  "ra.page.list",
  "ra.page.show",
  "ra.page.edit",
]);

describe("the two languages of the back office", () => {
  test("have the same keys", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("have every word that react-admin asks for", () => {
    const missing = [...flat(raEnglish).keys()].filter((key) => !english.has(key));
    expect(missing).toEqual([]);
  });

  test("fill in the same values", () => {
    const plural = new Set(["%{smart_count}", "%{name}"]);
    const wrong = [...english].filter(([key, text]) => {
      const inChinese = placeholders(chinese.get(key) ?? "");
      // A word may be left out where Chinese does not count or repeat it; nothing may be asked for that is not given.
      return inChinese.some((name) => !placeholders(text).includes(name) && !plural.has(name));
    });
    expect(wrong).toEqual([]);
  });

  test("have no English left in the Chinese", () => {
    const left = [...chinese].filter(
      ([key, text]) => !sameInBoth.has(key) && !isChinese(text) && /[A-Za-z]{2}/.test(text),
    );
    expect(left).toEqual([]);
  });

  test("have a word for whatever a check may say", () => {
    const { checkNames, checkSources, checkValues } = en.desk;
    const inAndOut = [
      ...withdrawalRefusalCodes,
      ...withdrawalReviewReasons,
      ...depositRefusalCodes,
      ...depositReviewReasons,
    ];
    const checks = [...orderRefusalCodes, ...inAndOut];
    expect(Object.keys(checkNames).sort()).toEqual([...new Set(checks)].sort());
    expect(Object.keys(checkValues).sort()).toEqual(
      [...new Set([...tradeModes, ...accountStates, ...marginStages, "live"])].sort(),
    );
    // As listed at core's OrderCheck.
    const sources = ["terms", "default", "partner", "agent", "trader", "account", "instrument", "contract"];
    expect(Object.keys(checkSources)).toEqual([...sources, "kill-switch", "market", "order"]);
  });

  test("name every resource, field, choice and command", () => {
    const unnamed = declarations.flatMap((declaration) =>
      labelsOf(declaration)
        .filter(([, [first, second]]) => first.trim() === "" || !/[\u3400-\u9fff]|^[A-Z]{2,5}$/.test(second))
        .map(([place]) => `${declaration.name}.${place}`),
    );
    expect(unnamed).toEqual([]);
  });

  test("call a resource by its plural in a list and by its singular on a page", () => {
    const { orders } = resourceMessages(declarations, "en");
    expect(orders?.name).toBe("Order |||| Orders");
    expect(orders?.fields.lots).toBe("Lots");
  });
});

function labelsOf({ label, one, fields, commands = {} }: ResourceDeclaration): [string, readonly [string, string]][] {
  const named: [string, readonly [string, string]][] = [
    ["label", label],
    ["one", one],
  ];
  for (const [name, field] of Object.entries(fields)) {
    named.push([name, field.label]);
    if (field.help !== undefined) named.push([`${name}.help`, field.help]);
    if (field.kind === "choice")
      for (const option of field.options) named.push([`${name}.${option}`, field.optionLabels[option] ?? ["", ""]]);
  }
  for (const [name, command] of Object.entries(commands)) {
    named.push([name, command.label], [`${name}.consequence`, command.consequence]);
    for (const [input, field] of Object.entries(command.input)) named.push([`${name}.${input}`, field.label]);
  }
  return named;
}
