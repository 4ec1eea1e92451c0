import { limitScopeLabels } from "#contracts/choices.ts";
import { limitScopes } from "#contracts/names.ts";
import { useSay } from "../../resource-kit/hooks.ts";

/** Which line a value comes from: "Agent line north". What is no scope is given back as it came. */
export function useSourceWords(): (source: string) => string {
  const say = useSay();
  return (source) => {
    const [place = "", ...named] = source.split(":");
    const scope = limitScopes.find((one) => one === place);
    return scope === undefined ? source : [say(limitScopeLabels[scope]), named.join(":")].join(" ").trim();
  };
}
