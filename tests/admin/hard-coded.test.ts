import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";

const admin = path.resolve(import.meta.dirname, "../../admin");
const screens = readdirSync(admin, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));

/** A line of JSX text, and a visible attribute given as a literal: both must come from the dictionaries. */
const text = /^\s*[A-Z][a-z]+(?: [a-z]+)+[.?!]?\s*$|>\s*[A-Z][a-z]+(?: [A-Za-z]+)*\s*<\//;
const attribute = /\b(?:label|title|placeholder|aria-label|helperText|alt|primaryText|note)="[^"]*[A-Za-z]{2}[^"]*"/;

test("no page has words of its own", () => {
  const found = screens.flatMap((file) =>
    readFileSync(path.join(admin, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        text.test(line) || attribute.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
      ),
  );
  expect(screens.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});
