import { useLocale, usePermissions, useResourceContext, useTranslate } from "react-admin";
import type { Label } from "#contracts/field.ts";
import type { Locale } from "#contracts/names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarationNamed } from "../declarations.ts";
import { inLocale } from "../i18n/resource-messages.ts";
import type { Session } from "../providers/auth-provider.ts";
import { mayDo, offeredTo } from "../providers/permissions.ts";

/** The language of the screen. */
export function useScreenLocale(): Locale {
  return useLocale() === "zh-CN" ? "zh-CN" : "en";
}

/** Says a declaration's label in the language of the screen. */
export function useSay(): (label: Label) => string {
  const locale = useScreenLocale();
  return (label) => inLocale(label, locale);
}

/** The declaration of the resource that the page is about, as it is offered to who works here. */
export function useDeclaration(): ResourceDeclaration {
  const name = useResourceContext();
  const session = useSession();
  const declaration = declarationNamed(name ?? "");
  if (declaration === undefined) throw new Error(`no resource is declared as ${name}`);
  return session === undefined ? declaration : offeredTo(declaration, session);
}

/** Who works here, once known. */
export function useSession(): Session | undefined {
  return usePermissions<Session>().permissions;
}

/** Answers from memory whether the viewer may do something; no until the session is known. */
export function useMay(): (resource: string, action: string) => boolean {
  const session = useSession();
  return (resource, action) => {
    const declaration = declarationNamed(resource);
    return session !== undefined && declaration !== undefined && mayDo(declaration, session, action);
  };
}

/** The server's sentence, or our own where there is none. */
export function useSentence(): (message: string) => string {
  const translate = useTranslate();
  return (message) => translate(message, { _: message });
}
