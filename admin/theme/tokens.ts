/** The design tokens of Truewick. Set as `--truewick-<name>` on the page and fed to the MUI theme. */
export interface Tokens {
  readonly surface: string;
  readonly surfaceRaised: string;
  readonly surfaceSunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly textMuted: string;
  readonly textFaint: string;
  readonly accent: string;
  readonly accentText: string;
  readonly up: string;
  readonly down: string;
  readonly buy: string;
  readonly sell: string;
  readonly warn: string;
  readonly danger: string;
  readonly ok: string;
}

export const lightTokens: Tokens = {
  surface: "#FFFFFF",
  surfaceRaised: "#FFFFFF",
  surfaceSunken: "#F5F6F8",
  line: "#E4E7EC",
  lineStrong: "#C9CED6",
  text: "#12161C",
  textMuted: "#4B5563",
  textFaint: "#696F7D",
  accent: "#2456E6",
  accentText: "#FFFFFF",
  up: "#0A8058",
  down: "#D1363F",
  buy: "#1668DC",
  sell: "#B84A14",
  warn: "#9A6700",
  danger: "#B42318",
  ok: "#0B7A55",
};

export const darkTokens: Tokens = {
  surface: "#0F1216",
  surfaceRaised: "#171B21",
  surfaceSunken: "#0B0D10",
  line: "#262B33",
  lineStrong: "#3A414C",
  text: "#E8EBEF",
  textMuted: "#A3ABB8",
  textFaint: "#7E8794",
  accent: "#5B8CFF",
  accentText: "#0B0D10",
  up: "#2EC28C",
  down: "#FF6B6B",
  buy: "#4C8DFF",
  sell: "#FF8F5A",
  warn: "#E0A93B",
  danger: "#FF7A70",
  ok: "#3ECF9A",
};

/** `surfaceSunken` -> `var(--truewick-surface-sunken)`. */
export const token = (name: keyof Tokens): string => `var(${propertyOf(name)})`;

/** The custom properties of a set of tokens. */
export const customProperties = (tokens: Tokens): Record<string, string> =>
  Object.fromEntries(Object.entries(tokens).map(([name, value]) => [propertyOf(name), value]));

const propertyOf = (name: string): string =>
  `--truewick-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
