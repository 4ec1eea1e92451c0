import { expect, test } from "@jest/globals";
import { type Import, readSources, type Source } from "./sources.ts";

const sources = readSources();

interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Null: allowed; else what to do instead. */
  readonly objection: (wanted: Import, source: Source) => string | null;
}

const capabilityOf = (file: string): string | undefined => /^server\/capabilities\/([^/]+)\//.exec(file)?.[1];
const isNode = (target: string): boolean => target.startsWith("node:");
const is = (target: string, pattern: RegExp): boolean => pattern.test(target);

const layers: readonly Layer[] = [
  {
    name: "the closed lists",
    files: /^server\/contracts\/([a-z]+-)?names\.ts$/,
    objection: () => "names.ts imports nothing, so that the widget may load it",
  },
  {
    name: "contracts",
    files: /^server\/contracts\//,
    objection: ({ target, isOurs }) =>
      isOurs
        ? is(target, /^server\/contracts\//)
          ? null
          : "move what both need into contracts"
        : target === "zod"
          ? null
          : "contracts import zod alone: no Node, no DOM",
  },
  {
    name: "the core",
    files: /^server\/core\//,
    objection: ({ target, isOurs }) =>
      isOurs && is(target, /^server\/(core\/|contracts\/([a-z]+-)?names\.ts$)/)
        ? null
        : "the core is pure: pass the value in as an argument",
  },
  {
    name: "the platform",
    files: /^server\/platform\//,
    objection: ({ target }) =>
      is(target, /^server\/(capabilities|resources)\//)
        ? "take the function as a port; compose.ts hands it in"
        : is(target, /^server\/(config|compose|run|main)\.ts$/)
          ? "take the setting as an argument; compose.ts hands it in"
          : null,
  },
  {
    name: "capabilities",
    files: /^server\/capabilities\//,
    objection: (wanted, { file }) => capabilityObjection(wanted, file),
  },
  {
    name: "the resource engine",
    files: /^server\/resources\//,
    objection: ({ target, isOurs }) =>
      isOurs && is(target, /^server\/capabilities\//) && !target.endsWith("/index.ts")
        ? "import the capability's index.ts"
        : is(target, /^server\/(config|compose|run|main)\.ts$/)
          ? "take it as an argument; compose.ts hands it in"
          : null,
  },
  {
    name: "the back office",
    files: /^admin\//,
    objection: ({ target, isOurs }) =>
      isOurs
        ? is(target, /^(admin|server\/contracts)\//)
          ? null
          : "the back office knows the server by #contracts and HTTP only"
        : isNode(target)
          ? "this runs in a browser"
          : null,
  },
  { name: "the widget", files: /^widget\//, objection: (wanted) => widgetObjection(wanted) },
  {
    name: "migrations",
    files: /^migrations\//,
    objection: ({ target }) =>
      target === "knex" ? null : "history must not change when code does: write the value out in the migration",
  },
];

test.each(layers)("$name: imports only what it may", ({ files, objection }) => {
  const wrong = sources
    .filter(({ file }) => files.test(file) && !file.endsWith("vite.config.ts"))
    .flatMap((source) =>
      source.imports.flatMap((wanted) => {
        const instead = objection(wanted, source);
        return instead === null ? [] : [`${source.file} imports ${wanted.target}: ${instead}`];
      }),
    );
  expect(wrong).toEqual([]);
});

test("no import leads to a cycle between capabilities", () => {
  const edges = new Map<string, Set<string>>();
  for (const { file, imports } of sources)
    for (const { target } of imports) {
      const [from, to] = [capabilityOf(file), capabilityOf(target)];
      if (from && to && from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  const cycles = [...edges.keys()].filter((start) => reaches(edges, start, start));
  expect(cycles).toEqual([]);
});

function capabilityObjection({ target, isOurs, typeOnly }: Import, file: string): string | null {
  if (!isOurs)
    return is(target, /^(express|socket\.io|bee-queue|ioredis|react)$/)
      ? "a capability never sees transports: promise work by outbox(), tell by announce()"
      : null;
  if (is(target, /^server\/(core|contracts)\//)) return null;
  const other = capabilityOf(target);
  if (other !== undefined)
    return other === capabilityOf(file) || target.endsWith("/index.ts")
      ? null
      : `import ../${other}/index.ts, never its inside`;
  if (is(target, /^server\/platform\/(db\/|clock\.ts$|ids\.ts$|realtime\/announcement\.ts$)/)) return null;
  return typeOnly && is(target, /^server\/platform\/log\.ts$/) ? null : "take it as a port in the capability's deps";
}

function widgetObjection({ target, isOurs, typeOnly }: Import): string | null {
  if (!isOurs) {
    if (isNode(target)) return "this runs in a browser";
    return target === "zod" && !typeOnly ? "zod weighs 20 kB: import the type, check on the server" : null;
  }
  if (is(target, /^(widget\/|server\/core\/|server\/contracts\/([a-z]+-)?names\.ts$)/)) return null;
  if (is(target, /^server\/contracts\//))
    return typeOnly || target.endsWith("/events.ts")
      ? null
      : "import it as a type; only the closed lists are light enough as values";
  return "the widget knows the server by #contracts and HTTP only";
}

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, goal: string): boolean {
  const seen = new Set<string>();
  const next = [...(edges.get(from) ?? [])];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (at === goal) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    next.push(...(edges.get(at) ?? []));
  }
  return false;
}
