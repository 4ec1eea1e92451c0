import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bodyCases, type Case, fixedQueryCases, idCases } from "./bad-input/cases.ts";
import { validBodies } from "./bad-input/examples.ts";
import { type Answered, type House, openHouse } from "./bad-input/house.ts";
import { document, type Operation, operations } from "./bad-input/operations.ts";
import { rowsCases } from "./bad-input/rows-cases.ts";

/**
 * Every operation of /openapi.json on the whole server, asked by somebody who may: with one thing wrong each time, the answer
 * is a 4xx that says what, names the field, and nothing is written.
 */
const timeoutMs = 120_000;
/** Requests under way at once. */
const width = 8;

let house: House;
let bodies: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  house = await openHouse();
  bodies = await validBodies(house);
}, timeoutMs);
afterAll(() => house?.close(), timeoutMs);

const withInput = operations.filter((one) => one.hasBody || one.query.length > 0 || one.path.includes("{id}"));

test("the operations are those of the server, and only reads without any input are left out, and what takes no JSON", async () => {
  const served = await house.ask(null, { method: "GET", path: "/openapi.json" });
  expect(served.body).toEqual(JSON.parse(JSON.stringify(document)));
  expect(operations.filter((one) => !withInput.includes(one)).map((one) => one.name)).toEqual([
    "get /healthz",
    "get /readyz",
    "get /metrics",
    "get /openapi.json",
    "get /docs",
    "get /api/admin/session",
    "delete /api/admin/session",
    "delete /api/trading/session",
    "get /api/trading/limits",
    "get /api/trading/payout-targets",
    "post /api/payments/{channel}/{tenantId}/notice",
    "get /api/admin/export-files/{token}",
    "get /api/trading/instruments",
    "get /api/admin/dashboard",
  ]);
});

test.each(withInput.map((one) => [one.name, one] as const))(
  "%s",
  async (_name, operation) => {
    const cases = await casesOf(operation);
    expect(cases.length).toBeGreaterThan(5);
    const before = await house.written();
    const wrong: string[] = [];
    for (let first = 0; first < cases.length; first += width)
      await Promise.all(
        cases.slice(first, first + width).map(async (one) => {
          const problem = problemOf(one, await house.ask(operation.as, one.asked));
          if (problem !== null) wrong.push(`${one.what}: ${problem}`);
        }),
      );
    expect(wrong).toEqual([]);
    expect(await house.written()).toEqual(before);
  },
  timeoutMs,
);

test("after all this the server has not logged one error", () => {
  expect(house.truewick.output()).not.toMatch(/"level":(50|60)|request failed/);
});

async function casesOf(operation: Operation): Promise<Case[]> {
  const { name, path, kind, hasBody, query } = operation;
  const isFixed = kind === "other" && query.length > 0;
  const queries = kind === "rows" ? rowsCases(operation) : isFixed ? fixedQueryCases(operation, house) : [];
  const { id, valid } = await example(operation);
  const ids = idCases(operation, valid);
  return [...queries, ...ids, ...(hasBody ? bodyCases(operation, path.replace("{id}", id), valid) : [])].map((one) => ({
    ...one,
    what: `${name} with ${one.what}`,
  }));
}

/** A record that is there, and a body that would be taken for it. */
async function example({ name, kind, path, resource, fields }: Operation): Promise<{
  id: string;
  valid: Record<string, unknown>;
}> {
  const command = /\/commands\/([a-z-]+)$/.exec(path)?.[1];
  const [record] = resource === undefined ? [] : await house.read(`/api/admin/${resource.name}?range=[0,0]`);
  const id = String(record?.id ?? "00000000-0000-4000-8000-000000000000");
  if (kind === "update") return { id, valid: { version: record?.version } };
  if (command === undefined) return { id, valid: bodies[name] ?? {} };
  const given = { ...bodies.reason, ...bodies["reset-password"], ...bodies["risk change"] } as Record<string, unknown>;
  return { id, valid: Object.fromEntries(Object.keys(fields).map((field) => [field, given[field]])) };
}

/** What is wrong with the answer; null: it is the right no. */
function problemOf({ field }: Case, { status, type, body }: Answered): string | null {
  const { code, errors = {} } = (typeof body === "object" && body !== null ? body : {}) as {
    code?: unknown;
    errors?: Record<string, unknown>;
  };
  const said = `${status} ${JSON.stringify(body).slice(0, 200)}`;
  if (status < 400 || status > 499 || [401, 403, 405, 429].includes(status)) return said;
  if (!type.startsWith("application/problem+json") || typeof code !== "string" || code === "") return said;
  if (field === undefined) return null;
  const isNamed = Object.keys(errors).some((name) => name === field || name.startsWith(`${field}.`));
  return isNamed ? null : `does not name ${field}: ${said}`;
}
