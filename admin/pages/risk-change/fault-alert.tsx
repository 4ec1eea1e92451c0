import { useTranslate } from "react-admin";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import { useSay, useSentence } from "../../resource-kit/hooks.ts";
import { FailureAlert } from "../../resource-kit/states.tsx";
import type { Fault } from "./use-draft.ts";

/** Why a setting or a line was refused, by the setting's name where it is one. */
export function FaultAlert({ fault: { name, failure } }: { readonly fault: Fault }) {
  const translate = useTranslate();
  const sentence = useSentence();
  const say = useSay();
  const of = name === null ? "" : `${say(riskSettingFields[name].label)}${translate("desk.colon")}`;
  return <FailureAlert failure={{ ...failure, message: `${of}${sentence(failure.message)}` }} />;
}
