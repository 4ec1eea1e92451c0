import type { Label } from "#contracts/field.ts";
import type { Locale } from "#contracts/names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";

/** The declaration's word in a language. */
export const inLocale = (label: Label, locale: Locale): string => (locale === "zh-CN" ? label[1] : label[0]);

type ResourceMessages = { name: string; fields: Record<string, string> };

/** react-admin's `resources.*` messages, from the declarations: the names of resources and of their fields. */
export function resourceMessages(
  declarations: readonly ResourceDeclaration[],
  locale: Locale,
): Record<string, ResourceMessages> {
  return Object.fromEntries(
    declarations.map(({ name, one, label, fields }) => [
      name,
      {
        name: `${inLocale(one, locale)} |||| ${inLocale(label, locale)}`,
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, { label: fieldLabel }]) => [field, inLocale(fieldLabel, locale)]),
        ),
      },
    ]),
  );
}
