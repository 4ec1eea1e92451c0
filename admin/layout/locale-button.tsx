import { Button } from "@mui/material";
import { useLocaleState } from "react-admin";
import type { Locale } from "#contracts/names.ts";

/** The other language under its own name, so that it is found by those who can't read the present one. */
const otherOf: Readonly<Record<Locale, { readonly locale: Locale; readonly name: string }>> = {
  en: { locale: "zh-CN", name: "中文" },
  "zh-CN": { locale: "en", name: "English" },
};

/** Switches the language; the choice is remembered in this browser. */
export function LocaleButton() {
  const [locale, setLocale] = useLocaleState();
  const other = otherOf[locale === "zh-CN" ? "zh-CN" : "en"];
  return (
    <Button color="inherit" size="small" lang={other.locale} onClick={() => setLocale(other.locale)}>
      {other.name}
    </Button>
  );
}
