import { type Locale, locales } from "#contracts/names.ts";

export const upDownChoices = ["auto", "green-up", "red-up", "red-blue"] as const;
export type UpDown = (typeof upDownChoices)[number];

/** Which colours mean up and down: the reader's choice, else the habit of his market. */
export function upDownOf(choice: string | null, language: string): Exclude<UpDown, "auto"> {
  if (choice === "green-up" || choice === "red-up" || choice === "red-blue") return choice;
  const tag = language.toLowerCase();
  if (tag.startsWith("ko")) return "red-blue";
  // Hong Kong and Singapore trade green-up although they write Chinese.
  if (/^zh\b/.test(tag) && !/-(hk|mo|sg)\b/.test(tag)) return "red-up";
  return tag.startsWith("ja") ? "red-up" : "green-up";
}

/** The language of our texts that is nearest to what is asked for. */
export function localeOf(language: string): Locale {
  const exact = locales.find((locale) => locale.toLowerCase() === language.toLowerCase());
  return exact ?? (/^zh\b/i.test(language) ? "zh-CN" : "en");
}
