import polyglotI18nProvider from "ra-i18n-polyglot";
import type { TranslationMessages } from "react-admin";
import type { Locale } from "#contracts/names.ts";
import { declarations } from "../declarations.ts";
import { en } from "../i18n/en.ts";
import { resourceMessages } from "../i18n/resource-messages.ts";
import { zhCN } from "../i18n/zh-CN.ts";

/** Both languages are loaded: the switch is immediate, and the dictionaries are small. */
const messagesOf = {
  en: { ...en, resources: resourceMessages(declarations, "en") },
  "zh-CN": { ...zhCN, resources: resourceMessages(declarations, "zh-CN") },
} satisfies Record<Locale, TranslationMessages>;

/** Both languages tell one from many: Chinese names of a list and of one of its records may differ too. */
const pluralRules = {
  pluralTypes: { oneOrMany: (count: number) => (count === 1 ? 0 : 1) },
  pluralTypeToLanguages: { oneOrMany: ["en", "zh-CN"] },
};

export const deskI18nProvider = polyglotI18nProvider(
  (locale) => messagesOf[locale === "zh-CN" ? "zh-CN" : "en"],
  browserLocale(),
  [
    { locale: "en", name: "English" },
    { locale: "zh-CN", name: "简体中文" },
  ],
  { pluralRules },
);

/** The language on screen now, for what is no component. */
export const screenLocale = (): Locale => (deskI18nProvider.getLocale() === "zh-CN" ? "zh-CN" : "en");

/** The language of a first visit; afterwards the chosen one is remembered in the store. */
function browserLocale(): Locale {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}
