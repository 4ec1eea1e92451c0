import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export interface Source {
  /** Path from the project's root, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** The same with comments and the insides of strings blanked; line numbers stay. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A path from the root for our own files, else the package's name. */
  readonly target: string;
  readonly isOurs: boolean;
  readonly typeOnly: boolean;
}

/** Every TypeScript file that git knows or would add. */
export function readSources(): readonly Source[] {
  return trackedFiles()
    .filter((file) => /^(admin|server|widget|seeds|migrations|tests)\/.*\.tsx?$/.test(file))
    .map((file) => {
      const text = readFileSync(path.join(root, file), "utf8");
      return { file, text, code: withoutWords(text), imports: importsOf(file, text) };
    });
}

export function trackedFiles(): readonly string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  const gone = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: root, encoding: "utf8" }).split("\0");
  return listed.split("\0").filter((file) => file !== "" && !gone.includes(file));
}

export const readTracked = (file: string): string => readFileSync(path.join(root, file), "utf8");

const importPattern =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? "";
    const named = /\{([^}]*)\}/.exec(match[0])?.[1];
    const allTypes = named?.split(",").every((name) => name.trim() === "" || /^\s*type\s/.test(name)) ?? false;
    return { ...resolved(file, specifier), typeOnly: match[1] !== undefined || allTypes };
  });
}

function resolved(file: string, specifier: string): { target: string; isOurs: boolean } {
  if (specifier.startsWith("#")) return { target: specifier.replace(/^#/, "server/"), isOurs: true };
  if (specifier.startsWith(".")) return { target: path.posix.join(path.posix.dirname(file), specifier), isOurs: true };
  const parts = specifier.split("/");
  return { target: specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? ""), isOurs: false };
}

/** Comments, strings, regular expressions and template text become spaces, so that rules look at code alone. */
function withoutWords(text: string): string {
  const word = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return text.replace(word, (match) => match.replace(/[^\n]/g, " "));
}
