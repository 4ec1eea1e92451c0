import type { Field } from "#contracts/field.ts";

/** Values that no field of this kind takes, by what is wrong with them. */
export type Broken = readonly [what: string, value: unknown];

const fortyDigits = "9".repeat(40);
const numbersInText: readonly Broken[] = [
  ["40 digits", fortyDigits],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["an exponent", "1e3"],
  ["hexadecimal", "0x10"],
  ["a space", " 1"],
  ["grouping", "1,000"],
  ["two points", "1.2.3"],
  ["an empty text", ""],
];
const texts: readonly Broken[] = [
  ["NUL", "a\u0000b"],
  ["a control character", "a\u0007b"],
  ["half a character", "a\ud800"],
];
const identifiers: readonly Broken[] = [
  ["no id", "not-an-id"],
  ["SQL", "1; DROP TABLE orders"],
  ["an empty text", ""],
  ["an id with NUL", "00000000-0000-4000-8000-00000000000\u0000"],
  ["a number", 1.5],
];
const namesAsIds: readonly Broken[] = [
  ["SQL", "1; DROP TABLE orders"],
  ["NUL", "a\u0000b"],
  ["an empty text", ""],
  ["a number", 1],
];
const times: readonly Broken[] = [
  ["words", "yesterday"],
  ["a day that is not", "2026-02-30T00:00:00Z"],
  ["a month that is not", "2026-13-01T00:00:00Z"],
  ["the year 0", "0000-01-01T00:00:00Z"],
  ["an offset that is not", "2026-01-01T00:00:00+23:59"],
  ["a long fraction", `2026-01-01T00:00:00.${"0".repeat(150)}Z`],
  ["a number", 1],
];
const integers: readonly Broken[] = [
  ["text", "1"],
  ["a fraction", 1.5],
  ["40 digits", 1e40],
  ["NaN as text", "NaN"],
];

const ofKind: Readonly<Record<Field["kind"], readonly Broken[]>> = {
  id: identifiers,
  ref: identifiers,
  text: [...texts, ["a number", 1]],
  email: [
    ["no address", "somebody"],
    ["an address with NUL", "a\u0000@b.example"],
    ["a long address", `${"a".repeat(300)}@b.example`],
    ["a number", 1],
  ],
  secret: [
    ["an empty text", ""],
    ["a number", 1],
    ["a long text", "x".repeat(2_000)],
  ],
  choice: [
    ["no choice", "nope"],
    ["a name of every object", "toString"],
    ["a number", 1],
    ["an empty text", ""],
  ],
  money: numbersInText,
  decimal: numbersInText,
  lots: [...numbersInText, ["half a lot", "0.5"]],
  integer: integers,
  boolean: [
    ["text", "true"],
    ["a number", 1],
  ],
  time: times,
  date: [
    ["words", "yesterday"],
    ["a day that is not", "2026-02-30"],
    ["the year 0", "0000-01-01"],
    ["a number", 1],
  ],
  clock: [
    ["words", "noon"],
    ["an hour that is not", "25:00"],
    ["a number", 1],
  ],
  texts: [
    ["a text", "https://a.example"],
    ["numbers", [1]],
    ["NUL", ["a\u0000b"]],
    ["501 items", Array.from({ length: 501 }, (_none, place) => `https://a${place}.example`)],
  ],
  json: [
    ["a text", "x"],
    ["a number", 1],
    ["numbers", [1]],
  ],
};

const ofSchema: Readonly<Record<string, readonly Broken[]>> = {
  "calendar-holidays": [
    ["a name with NUL", [{ date: "2026-12-25", name: "a\u0000b", closesAt: null }]],
    ["half a character", [{ date: "2026-12-25", name: "a\ud800", closesAt: null }]],
    ["a day that is not", [{ date: "2026-02-30", name: "x", closesAt: null }]],
    ["an hour that is not", [{ date: "2026-12-25", name: "x", closesAt: "24:00" }]],
    ["an unknown key", [{ date: "2026-12-25", name: "x", closesAt: null, more: 1 }]],
  ],
  "calendar-sessions": [
    ["no sessions", []],
    ["an eighth weekday", [sessionOn(7)]],
    ["half a weekday", [sessionOn(0.5)]],
    ["an unknown key", [{ ...sessionOn(0), more: 1 }]],
  ],
};

function sessionOn(weekday: number): Record<string, unknown> {
  const at = { weekday, time: "00:00" };
  return { validFrom: "2020-01-01", validTo: null, open: at, close: at };
}

const isNumeric = (spec: Field): boolean => ["money", "decimal", "lots", "integer"].includes(spec.kind);

/** For a body: what this field must refuse, whatever else the body holds. */
export function brokenValues(spec: Field): Broken[] {
  const isNamed = (spec.kind === "id" || spec.kind === "ref") && spec.shape === "text";
  const broken: Broken[] = [
    ...(isNamed ? namesAsIds : ofKind[spec.kind]),
    ["an object", { a: 1 }],
    ["a list in a list", [[1]]],
  ];
  if (spec.kind !== "boolean") broken.push(["true", true]);
  if (["money", "decimal", "lots"].includes(spec.kind)) broken.push(["a number", 1]);
  if (isNeverNegative(spec)) broken.push(["a negative number", "-1"]);
  if (spec.kind === "integer") broken.push(["below the least", spec.min - 1], ["above the greatest", spec.max + 1]);
  if (spec.kind === "lots" && spec.min !== "0") broken.push(["no lots", "0"]);
  if (spec.kind === "text") broken.push(["too long", "x".repeat(spec.maxLength + 1)], ["an empty text", ""]);
  if (spec.kind === "json") broken.push(...(ofSchema[spec.schema] ?? []));
  if (spec.required === true && spec.initial === undefined) broken.push(["null", null]);
  return broken;
}

/** For a filter, which may ask for what is never there, but not for what could not be. */
export function brokenFilterValues(spec: Field): Broken[] {
  const isShapeless = (spec.kind === "id" || spec.kind === "ref") && spec.shape === "text";
  const own = isShapeless ? [["NUL", "a\u0000b"] as const] : ofKind[spec.kind === "texts" ? "text" : spec.kind];
  const never: Broken[] = [
    ["an object", { a: 1 }],
    ["a list in a list", [[1]]],
    ["a list with null", [null]],
  ];
  if (spec.kind !== "boolean") never.push(["true", true]);
  // An e-mail is searched for as a text: a part of an address is asked for, too.
  return [...(spec.kind === "email" ? ofKind.text : own), ...never].filter(
    ([, value]) => !(isNumeric(spec) && spec.kind !== "integer" && typeof value === "number"),
  );
}

const isNeverNegative = (spec: Field): boolean =>
  spec.kind === "money" ? !spec.signed : spec.kind === "decimal" || spec.kind === "lots";

/** What a field is tried with. `isFirst`: of its kind for this sampler. */
export interface Sample {
  readonly isFirst: boolean;
  readonly values: readonly Broken[];
}

/**
 * The first field of each kind is tried with all that is broken, the others with what shows that they are looked at, and with
 * their own bounds. An export reads its query as the list does: one value a field is enough there.
 */
export function sampler({ isExport = false } = {}): (spec: Field, values: Iterable<Broken>) => Sample {
  const seen = new Set<Field["kind"]>();
  return ({ kind }, values) => {
    const isFirst = !seen.has(kind) && !isExport;
    seen.add(kind);
    const all = [...values];
    if (isFirst) return { isFirst, values: all };
    const telling = all.filter(([what], place) => place === 0 || /least|greatest|long|many|nothing|null/.test(what));
    return { isFirst, values: isExport ? all.slice(0, 1) : telling };
  };
}
