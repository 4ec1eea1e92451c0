import { randomUUID } from "node:crypto";
import { brokenValues, sampler } from "./broken-values.ts";
import type { Asked, House } from "./house.ts";
import type { Operation } from "./operations.ts";

export interface Case {
  readonly what: string;
  readonly asked: Asked;
  /** That `errors` must name, itself or a part of it. */
  readonly field?: string;
}

/** What is wrong with a request, whatever its route: sent to each route that takes a body. */
const wholeBodies: readonly (readonly [
  what: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers?: Record<string, string>,
])[] = [
  ["malformed JSON", '{"a":'],
  ["NaN as a literal", '{"lots":NaN}'],
  ["two values", "{} {}"],
  ["a list", "[]"],
  ["null", "null"],
  ["a text", '"text"'],
  ["a number", "1"],
  ["nothing at all", ""],
  ["broken UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ["a form", "a=1", { "content-type": "application/x-www-form-urlencoded" }],
  ["plain text", "{}", { "content-type": "text/plain" }],
  ["another charset", "{}", { "content-type": "application/json; charset=utf-16" }],
  ["compression", "{}", { "content-encoding": "gzip" }],
  ["33 KiB", JSON.stringify({ a: "x".repeat(33 * 1024) })],
  ["20 levels", `${'{"a":'.repeat(20)}1${"}".repeat(20)}`],
];

const emptyBodies = ["null", "nothing at all"]; // A command that asks for nothing needs no body.

/** Keys that no body has. A valid body with one of them must be refused by its name. */
const strangeKeys: readonly (readonly [key: string, json: string])[] = [
  ["nope", "1"],
  ["__proto__", '{"role":"admin"}'],
  ["constructor", '{"prototype":{"a":1}}'],
  ["toString", '"x"'],
];

export function bodyCases(operation: Operation, at: string, valid: Record<string, unknown>): Case[] {
  const { method } = operation;
  const sent = (body: Record<string, unknown>): Asked => ({ method, path: at, body: JSON.stringify(body) });
  const asksNothing = operation.kind === "command" && Object.keys(operation.fields).length === 0;
  const bodies = asksNothing ? wholeBodies.filter(([what]) => !emptyBodies.includes(what)) : wholeBodies;
  const cases: Case[] = bodies.map(([what, body, headers = {}]) => ({
    what,
    asked: { method, path: at, body, headers },
  }));
  for (const [key, json] of strangeKeys) {
    const body = `${JSON.stringify(valid).slice(0, -1)}${Object.keys(valid).length === 0 ? "" : ","}"${key}":${json}}`;
    cases.push({ what: `the key ${key}`, asked: { method, path: at, body }, field: key });
  }
  const sample = sampler();
  for (const [field, spec] of Object.entries(operation.fields)) {
    const isVersion = operation.kind === "update" && field === operation.resource?.declaration.version;
    // Another number than the current one is no wrong version but an old one: 412.
    const values = sample(spec, brokenValues(spec)).values.filter(
      ([what]) => !isVersion || !/least|greatest/.test(what),
    );
    for (const [what, value] of values)
      cases.push({ what: `${field}: ${what}`, asked: sent({ ...valid, [field]: value }), field });
    if (spec.required === true && spec.initial === undefined && operation.kind !== "update") {
      const { [field]: _left, ...rest } = valid;
      cases.push({ what: `${field}: left out`, asked: sent(rest), field });
    }
  }
  if (operation.kind === "create" || operation.kind === "command")
    cases.push({
      what: "an idempotency key of 129 characters",
      asked: { ...sent(valid), headers: { "idempotency-key": "k".repeat(129) } },
    });
  return cases;
}

/** Queries of the trader's and the market's reads: a good one with one parameter broken. */
export function fixedQueryCases({ method, path, query, name }: Operation, house: House): Case[] {
  const isBars = name.endsWith("/bars");
  const good = goodQuery(name, house);
  const numbers = [
    "0",
    "-1",
    "1e1",
    "0x10",
    " 1",
    "1.5",
    "NaN",
    "Infinity",
    "",
    "9".repeat(40),
    isBars ? "5001" : "201",
  ];
  const byDays = /journal$|agents\/.*statements$|fund-flow$/.test(name);
  const afterwards = "2026-01-03";
  const days = ["", "yesterday", "2026-02-30", "2026-01-01T00:00:00Z", "1", "9".repeat(40)];
  const instants = ["", "yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "1", "9".repeat(40)];
  const broken: Readonly<Record<string, readonly string[]>> = {
    at: instants,
    fromBlock: numbers.filter((number) => number !== "201"),
    accountId: ["", "x", "1", `${house.accountId}\u0000`, "' OR 1=1 --"],
    limit: numbers,
    after: [
      "x",
      "1".repeat(30),
      "9999-99-99 99:99:99+00_1",
      "2026-02-30 00:00:00+00_1",
      "0000-01-01 00:00:00+00_1",
      "\u0000",
      "a".repeat(65),
    ],
    instrument: ["NOPE", "", "toString", "MES\u0000", "x".repeat(21)],
    of: ["", "everybody", "toString", "__proto__"],
    id: ["", "x", "0x1", "-1", "1".repeat(41), "1\u0000", "1e3"],
    object: ["", "everyone", "toString"],
    trader: ["", "x", "0x1", "toString"],
    book: ["", "paper", "toString"],
    currency: ["", "usd", "USD\u0000", "' OR 1=1 --", "XXX"],
    code: ["", "gift", "constructor"],
    interval: ["", "2m", "toString", "1M"],
    from: byDays ? [...days, afterwards] : [...instants, `${afterwards}T00:00:00Z`],
    to: byDays ? days : instants,
    name: ["", " ", "a/b.pdf", "a\\b.pdf", "a\u0000.pdf", "x".repeat(121)],
  };
  const cases: Case[] = [];
  const at = path.replace("{id}", name.includes("/trading/") ? nobody : "1");
  const add = (what: string, text: string, field: string): void =>
    void cases.push({ what, asked: { method, path: `${at}?${text}` }, field });
  for (const field of query) {
    for (const value of broken[field] ?? []) {
      const isEmptyRange = field === "from" && value.startsWith(afterwards);
      add(
        `${field} ${value}`,
        new URLSearchParams({ ...good, [field]: value }).toString(),
        isEmptyRange ? "to" : field,
      );
    }
    const { [field]: own, ...rest } = good;
    add(
      `${field} twice`,
      new URLSearchParams([...Object.entries(rest), [field, own ?? "1"], [field, own ?? "1"]]).toString(),
      field,
    );
    if (own !== undefined && !["from", "to", "limit", "at", "fromBlock"].includes(field))
      add(`${field} left out`, new URLSearchParams(rest).toString(), field);
  }
  for (const name of ["nope", "toString", "__proto__"])
    add(`parameter ${name}`, new URLSearchParams({ ...good, [name]: "1" }).toString(), name);
  return cases;
}

function goodQuery(name: string, house: House): Record<string, string> {
  if (name.endsWith("/bars"))
    return { instrument: "MES", interval: "1m", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", limit: "5" };
  if (/journal$|agents\/.*statements$/.test(name)) return { from: "2026-01-01", to: "2026-01-02" };
  if (name.endsWith("/fund-flow")) return { of: "house", id: "1", from: "2026-01-01", to: "2026-01-02" };
  if (/risk-limits\/(effective|path)$/.test(name)) return { trader: house.traderId };
  if (name.endsWith("/breaches")) return {};
  if (name.endsWith("/proofs/heads")) return { at: "2026-01-01T00:00:00Z" };
  if (name.endsWith("/proofs/blocks")) return { instrument: "MES", fromBlock: "1", limit: "5" };
  if (name.endsWith("/deposits/{id}/proofs")) return { name: "receipt.pdf" };
  return { accountId: house.accountId };
}

/** Of a record that there is not. */
const nobody = "00000000-0000-4000-8000-000000000000";

/** Ids that name nothing, or are none. */
export function idCases({ method, path, resource, hasBody }: Operation, valid: Record<string, unknown>): Case[] {
  if (!path.includes("{id}")) return [];
  const shapes = [
    "not-an-id",
    "1e3",
    "1.0",
    "0x1",
    "+1",
    "%201",
    "-1",
    "9".repeat(40),
    "%00",
    "1%00",
    "toString",
    "__proto__",
  ];
  const unknown =
    resource === undefined || resource.id.spec.kind !== "id" || resource.id.spec.shape !== "uuid" ? [] : [randomUUID()];
  return [...shapes, ...unknown].map((id) => ({
    what: `the id ${id}`,
    asked: { method, path: path.replace("{id}", id), ...(hasBody ? { body: JSON.stringify(valid) } : {}) },
  }));
}
