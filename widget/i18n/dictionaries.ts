import type { Locale } from "#contracts/names.ts";
import { en } from "./en.ts";
import type { Texts } from "./texts.ts";
import { zhCn } from "./zh-cn.ts";

export const dictionaries: Readonly<Record<Locale, Texts>> = { en, "zh-CN": zhCn };
