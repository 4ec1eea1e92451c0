import { Box } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";
import { assetClassLabels } from "#contracts/choices.ts";
import type { ExposureGrouping } from "#contracts/exposure-names.ts";
import type { RefField } from "#contracts/field.ts";
import { type AssetClass, assetClasses } from "#contracts/names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { RefText } from "../../resource-kit/ref-text.tsx";

const refTo = (to: string, shape: RefField["shape"]): RefField => ({ kind: "ref", to, shape, label: [to, to] });
export const toPartner = refTo("partners", "integer");
export const toAgent = refTo("agents", "uuid");
export const toTrader = refTo("traders", "uuid");
export const toAccount = refTo("accounts", "uuid");

interface Props {
  readonly by: ExposureGrouping;
  readonly group: string;
  /** Whether the view is already that of an agent: then who is in no further line is his own. */
  readonly isBelow: boolean;
  readonly isLink?: boolean;
}

/** What a row of the exposure is called. */
export function GroupName({ by, group, isBelow, isLink = false }: Props) {
  const translate = useTranslate();
  if (by === "instrument") return <>{group}</>;
  if (by === "class") return <ClassName name={group} />;
  if (by === "partner") return <RefText field={toPartner} id={Number(group)} isLink={isLink} />;
  if (by === "trader") return <RefText field={toTrader} id={group} />;
  if (group === "") return <em>{translate(`desk.exposureDesk.${isBelow ? "direct" : "noAgent"}`)}</em>;
  return <RefText field={toAgent} id={group} isLink={isLink} />;
}

/** A name in a table: a long one is cut, so that the figures keep their places. The whole is its title. */
export const ShortName = ({ children }: { readonly children: ReactNode }) => (
  <Box
    component="span"
    sx={{ display: "block", maxWidth: 240, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
  >
    {children}
  </Box>
);

export function ClassName({ name }: { readonly name: string }) {
  const say = useSay();
  const known: AssetClass | undefined = assetClasses.find((one) => one === name);
  return <>{known === undefined ? name : say(assetClassLabels[known])}</>;
}
