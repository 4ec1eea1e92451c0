import type { Messages } from "./en.ts";
import { deskZhCN } from "./zh-cn/desk.ts";
import { reactAdminZhCN } from "./zh-cn/react-admin.ts";

export const zhCN: Messages = { ra: reactAdminZhCN, desk: deskZhCN };
