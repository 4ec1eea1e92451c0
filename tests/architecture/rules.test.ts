import { expect, test } from "@jest/globals";
import { readSources, readTracked, type Source, trackedFiles } from "./sources.ts";

const sources = readSources();
const fileLinesMax = 250;
const functionLinesMax = 60;

interface Ban {
  readonly what: string;
  readonly where: RegExp;
  readonly except?: RegExp;
  readonly pattern: RegExp;
  readonly instead: string;
}

const everywhere = /./;
const product = /^(server|admin|widget|seeds)\//;
const bans: readonly Ban[] = [
  {
    what: "the clock",
    where: /^server\/core\//,
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\./,
    instead: "pass the time in",
  },
  {
    what: "chance",
    where: /^server\/core\//,
    pattern: /\bMath\.random\(|\brandomUUID\(/,
    instead: "pass the value in",
  },
  {
    what: "input and output",
    where: /^server\/core\//,
    pattern: /\bconsole\.|\bprocess\.|\bfetch\(/,
    instead: "return a value; the caller acts",
  },
  {
    what: "floats",
    where: /^server\/core\/(?!.*(session|calendar|time|quote-gate))/,
    pattern: /\bNumber\(|\bparseFloat\(|\bparseInt\(/,
    instead: "stay in bigint; Number() loses cents",
  },
  {
    what: "the clock",
    where: /^server\/capabilities\//,
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    instead: "take it from the Clock, or from the database for money",
  },
  {
    what: "the environment",
    where: /^server\//,
    except: /^server\/(config\.ts$|platform\/embedded\/)/,
    pattern: /\bprocess\.env\b/,
    instead: "add a setting to config.ts and pass it in",
  },
  {
    what: "any",
    where: everywhere,
    pattern: /[:<,|&(]\s*any\b(?!\s*[:(])|\bas any\b/,
    instead: "use unknown at the edge and parse it once",
  },
  {
    what: "enum",
    where: everywhere,
    pattern: /^\s*(export\s+)?(const\s+)?enum\s/,
    instead: 'use an "as const" list in contracts/names.ts',
  },
  {
    what: "!",
    where: everywhere,
    pattern: /[\w)\]]!(?=[.;,)\]\s[]|$)(?!\s*==?)/,
    instead: "prove it: a check, a default, or assert()",
  },
  { what: "console", where: product, pattern: /\bconsole\.(log|info|debug)\(/, instead: "use the log" },
];

test.each(bans)("$what is not used in $where", ({ where, except, pattern, instead }) => {
  const wrong = sources
    .filter(({ file }) => where.test(file) && except?.test(file) !== true)
    .flatMap((source) => linesMatching(source, pattern).map((at) => `${at}: ${instead}`));
  expect(wrong).toEqual([]);
});

/** Fragments of SQL are named as such, names of tables and columns are escaped; values are never spliced. */
const isSqlFragment = /(sql|columns|table)$|^(\w+\.)?(escapeIdentifier|\w+Sql)\(/i;

test("values are bound, never spliced into SQL", () => {
  const wrong = sources
    .filter(({ file }) => /^(server|seeds)\//.test(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/\.raw(?:<[^(]*>)?\(\s*`([^`]*)`/g)]
        .flatMap(([, sql = ""]) => [...sql.matchAll(/\$\{([^}]*)\}/g)].map(([, spliced = ""]) => spliced))
        .filter((spliced) => !isSqlFragment.test(spliced) && !isModuleConstant(spliced, text))
        .map((spliced) => `${file}: bind ${spliced} with ?`),
    );
  expect(wrong).toEqual([]);
});

const isModuleConstant = (name: string, text: string): boolean =>
  /^\w+$/.test(name) && new RegExp(`^(export )?const ${name}\\b`, "m").test(text);

test(`no file is longer than ${fileLinesMax} lines`, () => {
  const long = sources
    .map(({ file, text }) => ({ file, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > fileLinesMax)
    .map(({ file, lines }) => `${file} has ${lines}: one idea a file, so find the second one and move it out`);
  expect(long).toEqual([]);
});

test(`no function is longer than ${functionLinesMax} lines`, () => {
  const long = sources
    .filter(({ file }) => !/^(migrations|tests)\//.test(file) && !file.endsWith(".styles.ts"))
    .flatMap(longFunctions);
  expect(long).toEqual([]);
});

test("default exports are for declarations and tool settings only", () => {
  const allowed = /^(server\/contracts\/resources\/|(admin|widget)\/vite\.config\.ts$|admin\/resources\/)/;
  const wrong = sources
    .filter(({ file, code }) => !allowed.test(file) && /^export default /m.test(code))
    .map(({ file }) => `${file}: export it by its name`);
  expect(wrong).toEqual([]);
});

test("barrel files exist only as the index.ts of a capability or of the resource engine", () => {
  const wrong = sources
    .filter(
      ({ file }) => file.endsWith("/index.ts") && !/^server\/(capabilities\/[^/]+|resources)\/index\.ts$/.test(file),
    )
    .filter(
      ({ text }) => /^export (\*|\{[^}]*\}) from /m.test(text) && !/^(export )?(async )?(function|const) /m.test(text),
    )
    .map(({ file }) => `${file}: import the files themselves`);
  expect(wrong).toEqual([]);
});

test("left-over work carries the number of its issue", () => {
  const wrong = sources.flatMap(({ file, text }) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        /\b(TODO|FIXME)\b(?!.*#\d)/.test(line) && !file.startsWith("tests/architecture/")
          ? [`${file}:${index + 1}: do it, or name its issue`]
          : [],
      ),
  );
  expect(wrong).toEqual([]);
});

test("nothing points at the machine it was written on", () => {
  const foreign =
    /\/(home|Users)\/(?!linuxbrew)[a-z]|\b(claude|anthropic|openai|worktree)\b|\/work\/|\/tmp\/[a-z]+-env|registry\.[a-z]+\.[a-z]+\//;
  const wrong = trackedFiles()
    .filter(
      (file) => /\.(tsx?|mjs|json|md|sh|ya?ml|html)$|^\.ci\//.test(file) && !file.startsWith("tests/architecture/"),
    )
    .flatMap((file) =>
      readTracked(file)
        .split("\n")
        .flatMap((line, index) =>
          foreign.test(line) ? [`${file}:${index + 1}: use a path from the project's root`] : [],
        ),
    );
  expect(wrong).toEqual([]);
});

function linesMatching({ file, code }: Source, pattern: RegExp): string[] {
  return code.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : []));
}

const opensFunction =
  /^(\s*)(?:.*=> |(?:export )?(?:async )?function\b.*|(?:(?:private|protected|override|static|async|get|set) )*\w+\([^)]*\)[^;=]* )\{\s*$/;

/**
 * Biome's format makes this simple: a function ends at the first "}" with the indent of its first line. The lines of functions
 * inside it count as theirs, not as its own: a factory may hold several short ones.
 */
function longFunctions({ file, code }: Source): string[] {
  const lines = code.split("\n");
  const found = lines.flatMap((line, start) => {
    const indent = opensFunction.exec(line)?.[1];
    if (indent === undefined || /^\s*(if|for|while|switch|else|return|do)\b/.test(line)) return [];
    const end = lines.findIndex((candidate, at) => at > start && candidate.startsWith(`${indent}}`));
    return end === -1 ? [] : [{ start, end }];
  });
  return found.flatMap(({ start, end }) => {
    const inner = found.filter((other) => other.start > start && other.end < end);
    const outermost = inner.filter((one) => !inner.some((other) => other.start < one.start && other.end > one.end));
    const length = end - start + 1 - outermost.reduce((sum, other) => sum + other.end - other.start, 0);
    return length > functionLinesMax ? [`${file}:${start + 1} has ${length} lines of its own: name its parts`] : [];
  });
}
