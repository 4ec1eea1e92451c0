import { deskEn } from "./en/desk.ts";
import { reactAdminEn } from "./en/react-admin.ts";

export const en = { ra: reactAdminEn, desk: deskEn };
export type Messages = typeof en;
