import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkSchema, compileResources, loadResources } from "../../server/resources/index.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("the declarations fit the migrated schema", async () => {
  await expect(checkSchema(database.app, await loadResources())).resolves.toBeUndefined();
});

test("a missing column, table or view stops the start, all of them named", async () => {
  const declarations = [...(await loadResources()).values()].map(({ declaration }) => declaration);
  const partners = declarations.find(({ name }) => name === "partners");
  if (partners === undefined) throw new Error("partners is not declared");
  const { id, name } = partners.fields;
  if (id === undefined || name === undefined) throw new Error("partners has no id or name");
  const shape = {
    ...partners,
    sort: ["id", "ASC"] as const,
    list: ["id"],
    filters: [],
    search: [],
    shows: [],
    commands: {},
  };
  const wrong = compileResources([
    { ...shape, name: "a", source: "no_such_view" },
    { ...shape, name: "b", fields: { ...partners.fields, nickName: { ...name } } },
    { ...shape, name: "c", table: "no_such_table" },
  ]);
  await expect(checkSchema(database.app, wrong)).rejects.toThrow(
    /a: no table or view no_such_view[\s\S]*b: partners has no column nick_name[\s\S]*c: no table no_such_table/,
  );
});

test("a queue that names unknown fields, and commands on a key that is taken, stop the start", async () => {
  const declarations = [...(await loadResources()).values()].map(({ declaration }) => declaration);
  const wrong = declarations.map((declaration) => {
    const { queue, commands = {} } = declaration;
    if (declaration.name !== "withdrawals" || queue === undefined) return declaration;
    const keyed = Object.entries(commands).map(([name, command]) => [
      name,
      { ...command, key: name === "send" ? "a" : name === "confirm" ? "j" : (command.key ?? "x") },
    ]);
    return { ...declaration, queue: { ...queue, list: ["colour"] }, commands: Object.fromEntries(keyed) };
  });
  expect(() => compileResources(wrong)).toThrow(
    /withdrawals: queue names the unknown field colour[\s\S]*the key a of a command is taken[\s\S]*the key j of a command is taken/,
  );
});

test("a filter or a queue by what the list does not filter by stops the start", async () => {
  const wrong = [...(await loadResources()).values()].map(({ declaration }) => {
    const { state } = declaration.fields;
    if (declaration.name !== "withdrawals" || state === undefined) return declaration;
    return { ...declaration, fields: { ...declaration.fields, state: { ...state, filterable: false } } };
  });
  expect(() => compileResources(wrong)).toThrow(
    /withdrawals: state is no filter[\s\S]*withdrawals: state is no filter/,
  );
});

test("all views count the reader's own grants", async () => {
  const { rows } = await database.owner.raw(
    "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND NOT ('security_invoker=true' = ANY (coalesce(reloptions, '{}')))",
  );
  expect(rows).toEqual([]);
});

test("labels, help and choices are there in both languages, and the Chinese is Chinese", async () => {
  const texts = (value: unknown): (readonly [string, string])[] => {
    if (Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string"))
      return [value as unknown as [string, string]];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  for (const { name, declaration } of (await loadResources()).values()) {
    const { label, one, fields, commands, queue } = declaration;
    for (const [en, zh] of texts({ label, one, fields, commands, queue: queue?.label }).filter(
      (pair) => !/^[A-Z]{3,4}$|^[a-z]/.test(pair[0]),
    ))
      expect([name, en, /\p{Script=Han}/u.test(zh)]).toEqual([name, en, true]);
  }
});
