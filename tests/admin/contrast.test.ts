import { expect, test } from "@jest/globals";
import { darkTokens, lightTokens } from "../../admin/theme/tokens.ts";
import { tokens as widgetTokens } from "../../widget/styles/tokens.styles.ts";

/** WCAG 2.2, 1.4.3: text of normal size. */
const leastContrast = 4.5;
const written = [
  "text",
  "textMuted",
  "textFaint",
  "accent",
  "up",
  "down",
  "buy",
  "sell",
  "warn",
  "danger",
  "ok",
] as const;
const surfaces = ["surface", "surfaceRaised", "surfaceSunken"] as const;

/** Relative luminance of #RRGGBB, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

test.each([
  ["light", lightTokens],
  ["dark", darkTokens],
] as const)("every colour that figures are written in can be read on every surface, %s", (_name, tokens) => {
  const faint = written.flatMap((colour) =>
    surfaces
      .filter((surface) => contrast(tokens[colour], tokens[surface]) < leastContrast)
      .map((surface) => `${colour} on ${surface}: ${contrast(tokens[colour], tokens[surface]).toFixed(2)}`),
  );
  expect(faint).toEqual([]);
  expect(contrast(tokens.accentText, tokens.accent)).toBeGreaterThanOrEqual(leastContrast);
});

test("the widget has the same colours by the same names", () => {
  for (const name of [...written, ...surfaces, "accentText"] as const) {
    const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const pair = `light-dark(${lightTokens[name]}, ${darkTokens[name]})`.toLowerCase();
    expect(widgetTokens.cssText).toContain(`--truewick-${property}: ${pair};`);
  }
});
