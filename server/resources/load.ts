import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Field } from "#contracts/field.ts";
import { jsonSchemas } from "#contracts/json-schemas.ts";
import { staffRoles } from "#contracts/names.ts";
import { filterOperators } from "#contracts/operators.ts";
import type { QueueDeclaration, ResourceDeclaration, ShownList } from "#contracts/resource.ts";
import { compileResource, type Resources } from "./model.ts";

const folder = path.resolve(import.meta.dirname, "../contracts/resources");

/** Reads every declaration of contracts/resources. Throws one error that lists every mistake in them. */
export async function loadResources(): Promise<Resources> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts")).sort();
  const declarations: ResourceDeclaration[] = [];
  for (const file of files) {
    const module: { default: ResourceDeclaration } = await import(pathToFileURL(path.join(folder, file)).href);
    if (module.default.name !== path.basename(file, ".ts"))
      throw new Error(`${file} declares the resource ${module.default.name}: name the file after it`);
    declarations.push(module.default);
  }
  return compileResources(declarations);
}

/** The same for declarations at hand. */
export function compileResources(declarations: readonly ResourceDeclaration[]): Resources {
  const resources = new Map(declarations.map((declaration) => [declaration.name, compileResource(declaration)]));
  const mistakes = declarations.flatMap((declaration) => mistakesOf(declaration, resources));
  if (mistakes.length > 0) throw new Error(`resource declarations are wrong:\n  ${mistakes.join("\n  ")}`);
  return resources;
}

function mistakesOf(declaration: ResourceDeclaration, resources: Resources): string[] {
  const { name, fields } = declaration;
  const known = new Set(Object.keys(fields));
  const asked = new Set(Object.values(declaration.commands ?? {}).flatMap(({ input }) => Object.keys(input)));
  const named: [where: string, names: readonly string[]][] = [
    ["list", declaration.list],
    ["search", declaration.search ?? []],
    ["form", declaration.form ?? []],
    ["csv", declaration.csv ?? []],
    ["filters", (declaration.filters ?? []).filter((filter) => filter !== "q").map(withoutOperator)],
    ["sort", [declaration.sort[0]]],
    ["recordName", [declaration.recordName].flat()],
    ["version", declaration.version === undefined ? [] : [declaration.version]],
    // A constraint may be broken by what a command asks for.
    [
      "constraints",
      Object.values(declaration.constraints ?? {}).flatMap(({ field }) => (asked.has(field) ? [] : [field])),
    ],
    ["updateWhen", declaration.updateWhen === undefined ? [] : [declaration.updateWhen.field]],
    ["underWay", declaration.underWay === undefined ? [] : [declaration.underWay.field]],
    ["attachments", declaration.attachments?.when === undefined ? [] : [declaration.attachments.when.field]],
    ["queue", declaration.queue === undefined ? [] : fieldsOfQueue(declaration.queue)],
    ["neededWhen", Object.values(fields).flatMap(({ neededWhen }) => neededWhen?.field ?? [])],
  ];
  const roles: [where: string, roles: readonly string[]][] = [
    ...Object.entries(declaration.operations).map(([operation, list]) => [operation, list ?? []] as [string, string[]]),
    ...Object.entries(declaration.commands ?? {}).map(([command, { roles }]) => [command, roles] as [string, string[]]),
    ["reveals", declaration.reveals ?? []],
    ["attachments", declaration.attachments?.roles ?? []],
  ];
  const writes = ["create", "update", "delete"].some((operation) => operation in declaration.operations);
  return [
    ...named.flatMap(([where, list]) =>
      list.filter((field) => !known.has(field)).map((field) => `${name}: ${where} names the unknown field ${field}`),
    ),
    ...(declaration.shows ?? []).flatMap((list) => mistakesOfShown(declaration, list, resources)),
    ...roles.flatMap(([where, list]) =>
      list
        .filter((role) => !(staffRoles as readonly string[]).includes(role))
        .map((role) => `${name}: ${where} names the unknown role ${role}`),
    ),
    ...Object.entries(fields).flatMap(([field, spec]) => mistakesOfField(`${name}.${field}`, spec, known, resources)),
    ...unguardedWrites(declaration).map(
      (write) => `${name}: belongs to the operator, so ${write} must be operatorOnly`,
    ),
    ...(writes && declaration.table === undefined ? [`${name}: is written but names no table`] : []),
    ...mistakesOfKeys(declaration),
    ...mistakesOfFilters(declaration, resources),
  ];
}

/** What the screen offers to filter by, and what a queue is narrowed by, the list must take. */
function mistakesOfFilters({ name, filters = [], queue }: ResourceDeclaration, resources: Resources): string[] {
  const asked = [...filters.map(withoutOperator), ...(queue === undefined ? [] : [queue.where.field])];
  const columns = resources.get(name)?.columns;
  return asked
    .filter((field) => columns?.get(field)?.filterable === false)
    .map((field) => `${name}: ${field} is no filter`);
}

/** A shown list is asked for by filters that the other resource offers, with values that this one has. */
function mistakesOfShown(declaration: ResourceDeclaration, list: ShownList, resources: Resources): string[] {
  const steps = list.through === undefined ? [list] : [list.through, list];
  let from = resources.get(declaration.name);
  return steps
    .flatMap((step) => {
      const [giver, target] = [from, resources.get(step.resource)];
      from = target;
      const only = step === list ? Object.entries(list.only ?? {}) : [];
      const unknown = only.filter(([field, value]) => !isOption(target?.declaration.fields[field], value));
      const named = unknown.map(([field, value]) => `${step.resource}.${field} is never ${value}`);
      const joined = Object.entries(step.where).flatMap(([theirs, ours]) => [
        ...(target?.columns.get(theirs)?.filterable === true ? [] : [`${step.resource}.${theirs} is no filter`]),
        ...(giver?.columns.get(ours)?.readable === true ? [] : [`${giver?.name}.${ours} is no field`]),
      ]);
      return [...named, ...joined];
    })
    .map((mistake) => `${declaration.name}: shows a list, but ${mistake}`);
}

const isOption = (field: Field | undefined, value: string): boolean =>
  field?.kind === "choice" && field.options.includes(value);

const fieldsOfQueue = ({ where, sort, list }: QueueDeclaration): string[] => [where.field, sort[0], ...list];

/** Keys that the queue itself is moved by. */
const queueKeys = ["j", "k"];

/** Two commands on one key would do what nobody meant. */
function mistakesOfKeys({ name, commands = {} }: ResourceDeclaration): string[] {
  const keys = Object.values(commands).flatMap(({ key }) => key ?? []);
  const wrong = keys.filter((key, at) => !/^[a-z]$/.test(key) || queueKeys.includes(key) || keys.indexOf(key) !== at);
  return wrong.map((key) => `${name}: the key ${key} of a command is taken, or no small letter`);
}

/** Rows without a partner are everybody's: no partner's staff may change them. */
function unguardedWrites({ scope, operations, operatorOnly = [], commands = {} }: ResourceDeclaration): string[] {
  if (scope.shared !== true || scope.tenantColumn !== null) return [];
  const writes = (["create", "update", "delete"] as const).filter(
    (operation) => operation in operations && !operatorOnly.includes(operation),
  );
  return [...writes, ...Object.keys(commands).filter((command) => commands[command]?.operatorOnly !== true)];
}

function mistakesOfField(where: string, spec: Field, known: ReadonlySet<string>, resources: Resources): string[] {
  if (spec.kind === "ref" && !resources.has(spec.to)) return [`${where}: refers to the unknown resource ${spec.to}`];
  if (spec.kind === "money" && !known.has(spec.currency))
    return [`${where}: its currency field ${spec.currency} is unknown`];
  if (spec.kind === "json" && !(spec.schema in jsonSchemas)) return [`${where}: its schema ${spec.schema} is unknown`];
  return [];
}

function withoutOperator(filter: string): string {
  const operator = filterOperators.find((candidate) => filter.endsWith(`_${candidate}`));
  return operator === undefined ? filter : filter.slice(0, -operator.length - 1);
}
