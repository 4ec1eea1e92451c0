import type { RaThemeOptions } from "react-admin";
import type { Tokens } from "./tokens.ts";

type Components = NonNullable<RaThemeOptions["components"]>;

/** How MUI's and react-admin's parts look in Truewick: hairlines instead of shadows, dense tables, calm controls. */
export function componentOverrides(
  tokens: Tokens,
  properties: Record<string, string>,
  mode: "light" | "dark",
): Components {
  return {
    ...pageParts(tokens, properties, mode),
    ...surfaceParts(tokens),
    ...tableParts(tokens),
    ...controlParts(tokens),
  };
}

/** What shows where the keyboard is. */
function focusOf(tokens: Tokens) {
  return { outline: `2px solid ${tokens.accent}`, outlineOffset: 1 };
}

function pageParts(tokens: Tokens, properties: Record<string, string>, mode: "light" | "dark"): Components {
  return {
    MuiCssBaseline: {
      styleOverrides: {
        ":root": { ...properties, colorScheme: mode },
        body: { fontVariantNumeric: "tabular-nums", overflowX: "hidden" },
        "*:focus-visible": focusOf(tokens),
        "@media (prefers-reduced-motion: reduce)": {
          "*, *::before, *::after": { animationDuration: "0.01ms !important", transitionDuration: "0.01ms !important" },
        },
      },
    },
    RaLayout: {
      styleOverrides: {
        root: {
          minWidth: 0,
          "& .RaLayout-appFrame": { marginTop: 48, minWidth: 0 },
          "& .RaLayout-contentWithSidebar": { minWidth: 0 },
          "& .RaLayout-content": {
            minWidth: 0,
            padding: "0 16px 24px",
            "@media (max-width:599px)": { padding: "0 8px 24px" },
          },
        },
      },
    },
  };
}

function toldInFull(page: string) {
  return { [`& .${page}-message`]: { opacity: 1 }, [`& .${page}-icon`]: { opacity: 0.5 } };
}

function surfaceParts(tokens: Tokens): Components {
  return {
    // react-admin writes these faintly; the icon above them may stay faint.
    RaAccessDenied: { styleOverrides: { root: toldInFull("RaAccessDenied") } },
    RaNotFound: { styleOverrides: { root: toldInFull("RaNotFound") } },
    MuiPaper: {
      defaultProps: { elevation: 0 },
      styleOverrides: { root: { backgroundImage: "none" }, rounded: { borderRadius: 10 } },
    },
    MuiCard: { styleOverrides: { root: { border: `1px solid ${tokens.line}` } } },
    MuiAppBar: {
      styleOverrides: {
        root: {
          boxShadow: "none",
          borderBottom: `1px solid ${tokens.line}`,
          backgroundColor: tokens.surface,
          color: tokens.text,
        },
      },
    },
    MuiToolbar: { styleOverrides: { root: { minHeight: "48px !important" } } },
    MuiMenu: {
      styleOverrides: { paper: { border: `1px solid ${tokens.line}`, boxShadow: "0 8px 24px rgb(0 0 0 / 0.16)" } },
    },
    MuiPopover: {
      styleOverrides: { paper: { border: `1px solid ${tokens.line}`, boxShadow: "0 8px 24px rgb(0 0 0 / 0.16)" } },
    },
    MuiAutocomplete: {
      styleOverrides: { paper: { border: `1px solid ${tokens.line}`, boxShadow: "0 8px 24px rgb(0 0 0 / 0.16)" } },
    },
    // A phone's save button stands at the bottom: what is told must not lie on it.
    MuiSnackbar: {
      styleOverrides: { root: { "@media (max-width:599px)": { top: "56px !important", bottom: "auto !important" } } },
    },
    MuiDrawer: { styleOverrides: { paper: { borderRadius: 0 } } },
    // A tip explains a control; its name is the word on it.
    MuiTooltip: {
      defaultProps: { describeChild: true },
      styleOverrides: { tooltip: { fontSize: 12, backgroundColor: tokens.text, color: tokens.surface } },
    },
  };
}

function tableParts(tokens: Tokens): Components {
  return {
    MuiTableCell: {
      styleOverrides: {
        root: { fontSize: 13, height: 36, padding: "0 10px", borderBottomColor: tokens.line, whiteSpace: "nowrap" },
        head: { color: tokens.textMuted, fontWeight: 600, backgroundColor: tokens.surfaceRaised, fontSize: 12 },
        stickyHeader: { backgroundColor: tokens.surfaceRaised },
      },
    },
    MuiTableRow: {
      styleOverrides: { root: { "&.MuiTableRow-hover:hover": { backgroundColor: tokens.surfaceSunken } } },
    },
    MuiTableSortLabel: { styleOverrides: { root: { fontSize: 12 }, icon: { fontSize: 14, margin: "0 1px" } } },
    MuiTablePagination: {
      styleOverrides: {
        root: { borderBottom: 0 },
        select: { "&:focus-visible": focusOf(tokens) },
        selectLabel: { fontSize: 13 },
        displayedRows: { fontSize: 13 },
      },
    },
  };
}

function controlParts(tokens: Tokens): Components {
  const focused = focusOf(tokens);
  return {
    MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { borderRadius: 6 } } },
    // MUI takes the outline from its buttons, and the ripple that would stand for it is off.
    MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: { "&:focus-visible": focused } } },
    MuiTextField: { defaultProps: { variant: "outlined", size: "small", margin: "dense", fullWidth: true } },
    MuiFormControl: { defaultProps: { variant: "outlined", size: "small", margin: "dense", fullWidth: true } },
    MuiOutlinedInput: { styleOverrides: { notchedOutline: { borderColor: tokens.lineStrong } } },
    MuiInputLabel: { styleOverrides: { root: { color: tokens.textMuted } } },
    MuiFormHelperText: { styleOverrides: { root: { marginLeft: 2, color: tokens.textMuted } } },
    MuiChip: { styleOverrides: { root: { borderRadius: 999, fontSize: 13, height: 28 } } },
    MuiAlert: { styleOverrides: { root: { borderRadius: 10 } } },
    RaListToolbar: { styleOverrides: { root: { backgroundColor: "transparent !important" } } },
    RaMenuItemLink: {
      styleOverrides: {
        root: {
          minHeight: 36,
          fontSize: 14,
          paddingRight: 8,
          color: tokens.textMuted,
          "&.RaMenuItemLink-active": { color: tokens.accent, fontWeight: 600, backgroundColor: "transparent" },
        },
      },
    },
  };
}
