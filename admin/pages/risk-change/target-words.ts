import { useTranslate } from "react-admin";
import { assetClassLabels, limitScopeLabels } from "#contracts/choices.ts";
import { type AssetClass, assetClasses } from "#contracts/names.ts";
import type { SheetLine } from "#contracts/risk-change-api.ts";
import { useSay } from "../../resource-kit/hooks.ts";

/** For whom and for what a line is: "Trader Ada Marlow · MES". */
export function useTargetWords(): (line: Pick<SheetLine, "target" | "name">) => string {
  const translate = useTranslate();
  const say = useSay();
  return ({ target, name }) => {
    const { scope, instrumentId, assetClass } = target;
    const whom = [say(limitScopeLabels[scope]), ...(name === null ? [] : [name])].join(" ");
    const known: AssetClass | undefined = assetClasses.find((one) => one === assetClass);
    const what =
      instrumentId ?? (known === undefined ? translate("desk.riskChange.everything") : say(assetClassLabels[known]));
    return `${whom} · ${what}`;
  };
}
