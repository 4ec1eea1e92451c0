import type { CommissionModel } from "#contracts/commission-names.ts";
import type { AssetClass } from "#contracts/names.ts";
import { assetClasses } from "#contracts/names.ts";
import { rateUnit } from "./commission.ts";
import { ok, type Result, refuse } from "./result.ts";
import { formatDecimal, parseDecimal } from "./units.ts";

/** Agents above a trader that are paid; the tree may be deeper. */
export const commissionLevelsMax = 3;

/** Rates of some instruments: one instrument, or a class of them, or (both null) all others. */
export interface RateRule {
  readonly instrumentId: string | null;
  readonly assetClass: AssetClass | null;
  /** Level 1 first, as the plan counts them (see `rateUnit`). */
  readonly rates: readonly bigint[];
}

/** The rates for an instrument: its own, else its class's, else the default's. */
export function ratesFor(
  rules: readonly RateRule[],
  instrument: { readonly id: string; readonly assetClass: string },
): readonly bigint[] {
  const own = rules.find(({ instrumentId }) => instrumentId === instrument.id);
  const ofClass = rules.find(({ assetClass }) => assetClass === instrument.assetClass);
  const others = rules.find(({ instrumentId, assetClass }) => instrumentId === null && assetClass === null);
  return (own ?? ofClass ?? others)?.rates ?? [];
}

export type RateRefusal = "RATES_MISSING" | "RATE_UNREADABLE" | "RATES_TOO_HIGH" | "RATE_RULE_TWICE";

/** Most that may be paid for a lot at one level, major units: a slip of the comma is refused. */
const perLotMax = 10_000n * rateUnit;
/** Digits of a rate as written: a percentage with four, an amount with six. */
const percentDigits = 4;
const amountDigits = 6;

const isPerLot = (model: CommissionModel): boolean => model === "per-lot";

/** A rate as a person writes it, percent or major units a lot: "30" -> 300,000 millionths. Null: no such rate. */
export function readRate(model: CommissionModel, text: string): bigint | null {
  const rate = parseDecimal(text, isPerLot(model) ? amountDigits : percentDigits);
  return rate === null || rate < 0n ? null : rate;
}

/** The reverse of readRate, without trailing zeros: 300,000 -> "30". */
export function writeRate(model: CommissionModel, rate: bigint): string {
  const text = formatDecimal(rate, isPerLot(model) ? amountDigits : percentDigits);
  return text.replace(/\.?0+$/, "");
}

/** Whether the rates of one rule fit their model: parts of a fee leave something to the house. */
export function checkRates(model: CommissionModel, rates: readonly bigint[]): Result<null, RateRefusal> {
  if (rates.length === 0 || rates.length > commissionLevelsMax) return refuse("RATES_MISSING");
  return mostOf(model, rates) < limitOf(model) ? ok(null) : refuse("RATES_TOO_HIGH");
}

const limitOf = (model: CommissionModel): bigint => (isPerLot(model) ? perLotMax : rateUnit);

/** All levels together as a part of the basis, rounded up; per lot the highest. */
function mostOf(model: CommissionModel, rates: readonly bigint[]): bigint {
  const highest = rates.reduce((most, rate) => (rate > most ? rate : most), 0n);
  switch (model) {
    case "ratio":
    case "spread-share":
      return rates.reduce((sum, rate) => sum + rate, 0n);
    case "difference":
    case "per-lot":
      return highest;
    case "chain":
      // Everything comes out of what level 1 was given; a level that passed on more than it has would end below zero.
      return rates.slice(1).some((rate) => rate > rateUnit) ? rateUnit : (rates[0] ?? 0n);
    case "override": {
      const unit = rateUnit ** BigInt(rates.length);
      let [claim, total] = [unit, 0n];
      for (const rate of rates) {
        claim = (claim * rate) / rateUnit;
        total += claim;
      }
      const part = unit / rateUnit;
      return (total + part - 1n) / part;
    }
  }
}

const ruleShape = /^([A-Za-z0-9-]{2,20}) *= *([0-9., ]{1,60})$/;
const isAssetClass = (text: string): text is AssetClass => (assetClasses as readonly string[]).includes(text);

/**
 * Rules as a person writes them, one a line: "MES = 30, 20, 10", "metal = 25, 15". A name is an asset class or an instrument; the
 * default comes without one. Refused: what cannot be read, does not fit the model, or names the same twice.
 */
export function readRules(
  model: CommissionModel,
  others: readonly string[],
  lines: readonly string[],
): Result<readonly RateRule[], RateRefusal> {
  const rules: RateRule[] = [];
  const add = (
    instrumentId: string | null,
    assetClass: AssetClass | null,
    texts: readonly string[],
  ): RateRefusal | null => {
    const rates = texts.map((text) => readRate(model, text));
    const read = rates.filter((rate) => rate !== null);
    if (read.length < rates.length) return "RATE_UNREADABLE";
    if (rules.some((rule) => rule.instrumentId === instrumentId && rule.assetClass === assetClass))
      return "RATE_RULE_TWICE";
    rules.push({ instrumentId, assetClass, rates: read });
    const checked = checkRates(model, read);
    return checked.ok ? null : checked.refusal;
  };
  const refused = add(null, null, others);
  if (refused !== null) return refuse(refused);
  for (const line of lines) {
    const [, name = "", list = ""] = ruleShape.exec(line.trim()) ?? [];
    const texts = list.split(",").map((text) => text.trim());
    const failed = isAssetClass(name) ? add(null, name, texts) : add(name === "" ? "?" : name, null, texts);
    if (failed !== null || name === "") return refuse(failed ?? "RATE_UNREADABLE");
  }
  return ok(rules);
}

/** A rule of an instrument or a class as it is written. */
export const writeRule = (model: CommissionModel, { instrumentId, assetClass, rates }: RateRule): string =>
  `${instrumentId ?? assetClass ?? ""} = ${rates.map((rate) => writeRate(model, rate)).join(", ")}`;
