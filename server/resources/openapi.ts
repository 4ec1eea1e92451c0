import {
  extendZodWithOpenApi,
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import type { Field } from "#contracts/field.ts";
import { problemSchema } from "#contracts/problem.ts";
import type { CommandDeclaration, Operation } from "#contracts/resource.ts";
import { storyReply } from "#contracts/story.ts";
import type { Resource, Resources } from "./model.ts";
import { describeAttachments } from "./openapi-attachments.ts";
import { describeFixedRoutes } from "./openapi-routes.ts";
import { valueSchema } from "./values.ts";

extendZodWithOpenApi(z);

type Method = RouteConfig["method"];
type Shape = Record<string, z.ZodType>;

/** The OpenAPI 3.1 document of every route: the declared resources', and the fixed ones of openapi-routes.ts. */
export function openApiDocument(resources: Resources): ReturnType<OpenApiGeneratorV31["generateDocument"]> {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "staffKey", {
    type: "http",
    scheme: "bearer",
    description: "A staff member's API key.",
  });
  registry.registerComponent("securitySchemes", "staffCookie", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-truewick_staff",
  });
  registry.registerComponent("securitySchemes", "traderToken", {
    type: "http",
    scheme: "bearer",
    description: "A trader's access token.",
  });
  const problem = registry.register("Problem", problemSchema.meta({ id: "Problem" }));
  const refused = {
    description: "Refused: what, why, and which fields.",
    content: { "application/problem+json": { schema: problem } },
  };
  const describe = (route: RouteConfig): void =>
    registry.registerPath({ ...route, responses: { ...route.responses, default: refused } });
  describeFixedRoutes(describe);
  for (const resource of resources.values()) describeResource(resource, registry, describe);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Truewick",
      version: "1",
      description:
        "Money, lots and prices are decimal strings in major units; times are ISO 8601 in UTC. Errors are RFC 9457 problems with the `message` and `errors` that react-admin reads.",
    },
    servers: [{ url: "/" }],
  });
}

function describeResource(resource: Resource, registry: OpenAPIRegistry, describe: (route: RouteConfig) => void): void {
  const { declaration, name } = resource;
  const [one] = declaration.one;
  const record = registry.register(nameOf(one), z.object(recordShape(resource)).meta({ id: nameOf(one) }));
  const base = `/api/admin/${name}`;
  const answer = (status: number, told: CommandDeclaration["shownOnce"] = {}) => ({
    [status]: {
      description: `The ${one.toLowerCase()}.`,
      content: { "application/json": { schema: toldWith(record, told) } },
    },
  });
  const route = (method: Method, path: string, summary: string, rest: Partial<RouteConfig>): void =>
    describe({
      method,
      path,
      summary,
      tags: [declaration.label[0]],
      security: [{ staffCookie: [] }, { staffKey: [] }],
      responses: {},
      ...rest,
    });
  const id = z.object({ id: idSchema(resource) });
  const can = (operation: Operation): boolean => declaration.operations[operation] !== undefined;
  if (can("list"))
    route("get", base, `List ${declaration.label[0].toLowerCase()}`, {
      description: `${rolesText(declaration.operations.list)} Filters: ${filtersText(resource)}`,
      request: { query: listQuery },
      responses: {
        200: {
          description:
            "A page. `Content-Range` and `X-Total-Count` carry the total; `X-Total-Estimated` says that it is the planner's.",
          content: { "application/json": { schema: z.array(record) } },
        },
      },
    });
  if (can("export"))
    route("get", `${base}/export.csv`, `Export ${declaration.label[0].toLowerCase()}`, {
      description: `${rolesText(declaration.operations.export)} All that matches; UTF-8, LF line ends, RFC 4180 quoting, texts guarded against formulas.`,
      request: { query: exportQuery },
      responses: { 200: { description: "The file.", content: { "text/csv": { schema: z.string() } } } },
    });
  if (can("read"))
    route("get", `${base}/{id}`, `Read a ${one.toLowerCase()}`, { request: { params: id }, responses: answer(200) });
  if (declaration.story === true)
    route("get", `${base}/{id}/story`, `What happened to a ${one.toLowerCase()}, step by step`, {
      request: { params: id },
      responses: {
        200: {
          description: "The steps, oldest first. Transfers are told to those who may list them.",
          content: { "application/json": { schema: storyReply } },
        },
      },
    });
  if (declaration.attachments !== undefined) describeAttachments(base, one, route, id);
  describeWrites({ resource, can, route, answer, id });
}

interface Described {
  readonly resource: Resource;
  readonly can: (operation: Operation) => boolean;
  readonly route: (method: Method, path: string, summary: string, rest: Partial<RouteConfig>) => void;
  readonly answer: (status: number, told?: CommandDeclaration["shownOnce"]) => RouteConfig["responses"];
  readonly id: z.ZodObject;
}

function describeWrites({ resource, can, route, answer, id }: Described): void {
  const { declaration } = resource;
  const base = `/api/admin/${resource.name}`;
  const one = declaration.one[0].toLowerCase();
  if (can("create"))
    route("post", base, `Create a ${one}`, {
      description: `${rolesText(declaration.operations.create)} Send an \`Idempotency-Key\` to be safe against repeats.`,
      request: { headers: idempotencyHeader, body: bodyOf(writeSchema(resource, "create")) },
      responses: answer(201, declaration.shownOnce),
    });
  if (can("update"))
    route("put", `${base}/{id}`, `Change a ${one}`, {
      description: `${rolesText(declaration.operations.update)} Merges: what is not sent stays. ${declaration.version === undefined ? "" : "Carries the `version` that was seen; 412 when it is not the newest."}`,
      request: { params: id, body: bodyOf(writeSchema(resource, "update")) },
      responses: answer(200),
    });
  if (can("delete"))
    route("delete", `${base}/{id}`, `Delete a ${one}`, {
      request: { params: id },
      responses: answer(200),
    });
  for (const [command, declared] of Object.entries(declaration.commands ?? {}))
    route("post", `${base}/{id}/commands/${command}`, `${declared.label[0]} (${one})`, {
      description: `${rolesText(declared.roles)} ${declared.consequence[0]}`,
      request: { params: id, headers: idempotencyHeader, body: bodyOf(commandSchema(declared)) },
      responses: answer(200, declared.shownOnce),
    });
}

/** The record with what this one answer tells besides. */
function toldWith(record: z.ZodType, told: NonNullable<CommandDeclaration["shownOnce"]>): z.ZodType {
  const extra = Object.entries(told).map(([name, { label }]) => {
    const description = `${label[0]}. Told once: a repeat of the request does not have it.`;
    return [name, z.string().optional().meta({ description })] as const;
  });
  return extra.length === 0 ? record : z.intersection(record, z.object(Object.fromEntries(extra)));
}

const json = z.string();
const listQuery = z.object({
  filter: json
    .optional()
    .meta({ description: "JSON object; operators by suffix: _gte _lte _gt _lt _neq _like; lists mean one of." }),
  range: json.optional().meta({ description: "JSON [first, last]; at most 200 rows." }),
  sort: json.optional().meta({ description: 'JSON ["field", "ASC" or "DESC"].' }),
});
const exportQuery = z.object({
  filter: listQuery.shape.filter,
  sort: listQuery.shape.sort,
  profile: z.enum(["system", "excel"]).optional().meta({ description: "excel: with a byte order mark." }),
});
const idempotencyHeader = z.object({ "Idempotency-Key": z.string().max(128).optional() });

const bodyOf = (schema: z.ZodType) => ({ required: true, content: { "application/json": { schema } } });

const nameOf = (label: string): string =>
  label.replace(/(?:^|[^a-zA-Z]+)([a-zA-Z])/g, (_all, letter: string) => letter.toUpperCase());

function recordShape(resource: Resource): Shape {
  return Object.fromEntries(resource.readable.map(({ field, spec }) => [field, shown(spec, wireSchema(spec))]));
}

function writeSchema(resource: Resource, operation: "create" | "update"): z.ZodType {
  const { fields, version } = resource.declaration;
  const shape: Shape = {};
  for (const [name, spec] of Object.entries(fields)) {
    if (spec.readOnly === true || (operation === "update" && spec.createOnly === true)) continue;
    const schema = shown(spec, valueSchema(spec));
    shape[name] = operation === "create" && spec.required === true ? schema : schema.optional();
  }
  if (operation === "update" && version !== undefined) shape[version] = z.int();
  return z.strictObject(shape);
}

const commandSchema = ({ input }: CommandDeclaration): z.ZodType =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(input).map(([name, spec]) => {
        const schema = shown(spec, valueSchema(spec));
        return [name, spec.required === true ? schema : schema.optional()];
      }),
    ),
  );

/** As it is sent: what was stored long ago, or computed, need not obey today's rules for input. */
function wireSchema(spec: Field): z.ZodType {
  switch (spec.kind) {
    case "id":
    case "ref":
      return spec.shape === "integer" ? z.int() : spec.shape === "uuid" ? z.uuid() : z.string();
    case "integer":
      return z.int();
    case "boolean":
      return z.boolean();
    case "choice":
      return z.enum(spec.options as [string, ...string[]]);
    case "texts":
      return z.array(z.string());
    case "json":
      return z.unknown();
    case "time":
      return z.iso.datetime();
    default:
      return z.string();
  }
}

function shown(spec: Field, schema: z.ZodType): z.ZodType {
  const [label] = spec.label;
  const description = spec.help === undefined ? `${label}.` : `${label}. ${spec.help[0]}`;
  return (spec.nullable === true ? schema.nullable() : schema).meta({ description });
}

const idSchema = (resource: Resource): z.ZodType => wireSchema(resource.id.spec);

const rolesText = (roles: readonly string[] = []): string => `Roles: ${roles.join(", ")}.`;

const filtersText = (resource: Resource): string =>
  [...resource.columns.values()].flatMap(({ field, filterable }) => (filterable ? [field] : [])).join(", ");
