import { darken, lighten } from "@mui/material";
import type { RaThemeOptions } from "react-admin";
import { componentOverrides } from "./components.ts";
import { customProperties, darkTokens, lightTokens, type Tokens } from "./tokens.ts";

export const fontStack =
  'ui-sans-serif, system-ui, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
export const monoStack = 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace';

export const lightTheme = themeOf("light", lightTokens);
export const darkTheme = themeOf("dark", darkTokens);

/** A button under the pointer moves away from its text, which is light on the light theme's colours and dark on the dark theme's. */
function hovered(colour: string, mode: "light" | "dark"): string {
  return mode === "light" ? darken(colour, 0.2) : lighten(colour, 0.2);
}

function themeOf(mode: "light" | "dark", tokens: Tokens): RaThemeOptions {
  return {
    palette: {
      mode,
      primary: { main: tokens.accent, dark: hovered(tokens.accent, mode), contrastText: tokens.accentText },
      secondary: { main: tokens.surface, contrastText: tokens.text },
      error: { main: tokens.danger, dark: hovered(tokens.danger, mode) },
      warning: { main: tokens.warn },
      success: { main: tokens.ok },
      info: { main: tokens.accent },
      text: { primary: tokens.text, secondary: tokens.textMuted, disabled: tokens.textFaint },
      divider: tokens.line,
      background: { default: tokens.surfaceSunken, paper: tokens.surfaceRaised },
    },
    shape: { borderRadius: 6 },
    typography: {
      fontFamily: fontStack,
      fontSize: 14,
      h1: { fontSize: 20, fontWeight: 650, lineHeight: 1.3 },
      h2: { fontSize: 14, fontWeight: 600, lineHeight: 1.4 },
      h6: { fontSize: 16, fontWeight: 600 },
      body1: { fontSize: 14 },
      body2: { fontSize: 13 },
      caption: { fontSize: 12 },
      button: { textTransform: "none", fontWeight: 600 },
    },
    transitions: {
      duration: {
        shortest: 80,
        shorter: 100,
        short: 120,
        standard: 140,
        complex: 160,
        enteringScreen: 140,
        leavingScreen: 120,
      },
    },
    sidebar: { width: 216, closedWidth: 48 },
    components: componentOverrides(tokens, customProperties(tokens), mode),
  };
}
