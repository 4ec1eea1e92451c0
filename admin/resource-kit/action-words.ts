import type { Locale } from "#contracts/names.ts";
import { declarationNamed } from "../declarations.ts";
import { en } from "../i18n/en.ts";
import { inLocale } from "../i18n/resource-messages.ts";
import { zhCN } from "../i18n/zh-CN.ts";

/** What was done to a record of a resource, in words: a command by its label. An action without words stays as it is. */
export function actionWords(resource: string, action: string, locale: Locale): string {
  const command = declarationNamed(resource)?.commands?.[action];
  if (command !== undefined) return inLocale(command.label, locale);
  const names: Readonly<Record<string, string>> = (locale === "en" ? en : zhCN).desk.actionNames;
  return names[action] ?? action;
}
