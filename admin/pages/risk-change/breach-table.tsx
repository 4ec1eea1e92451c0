import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import type { BreachPreviewReply } from "#contracts/breach-preview.ts";
import { assetClassLabels } from "#contracts/choices.ts";
import { assetClasses } from "#contracts/names.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import { type RiskSetting, type RiskSettingSpec, riskSettings } from "#contracts/risk-names.ts";
import { figure } from "../../format/figures.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { RefText } from "../../resource-kit/ref-text.tsx";
import { PanelTable, PanelWords } from "../dashboard/panel.tsx";
import { ShortName, toAccount } from "../exposure/group-name.tsx";
import { useSourceWords } from "../risk-table/source-words.ts";

type Breach = BreachPreviewReply["added"]["rows"][number];

interface Props {
  /** The worst first. */
  readonly rows: readonly Breach[];
  /** All of them, also those that are not told one by one. */
  readonly breaches: number;
}

const shownFirst = 15;
const figures: readonly string[] = ["value", "limit", "before", "over"];
const heads = ["account", "partner", "setting", "of", "value", "limit", "before", "over", "source", "follows"] as const;

/** The breaches one by one: what is measured, against which limit, and what follows. */
export function BreachTable({ rows, breaches }: Props) {
  const translate = useTranslate();
  const [isWhole, setWhole] = useState(false);
  const cellsOf = useCells();
  const shown = isWhole ? rows : rows.slice(0, shownFirst);
  const columns = heads.map((head) => ({
    name: translate(`desk.breachPreview.${head}`),
    isFigure: figures.includes(head),
  }));
  const keyOf = ({ accountId, setting, instrumentId, assetClass }: Breach): string =>
    [accountId, setting, instrumentId, assetClass].join(" ");
  return (
    <>
      <PanelTable columns={columns} rows={shown.map((row) => ({ key: keyOf(row), cells: cellsOf(row) }))} />
      {rows.length > shown.length && (
        <Button size="small" sx={{ m: 1 }} onClick={() => setWhole(true)}>
          {translate("desk.whatIf.all", { count: figure(rows.length) })}
        </Button>
      )}
      {breaches > rows.length && isWhole && (
        <PanelWords>
          {translate("desk.breachPreview.cut", { shown: figure(rows.length), count: figure(breaches) })}
        </PanelWords>
      )}
    </>
  );
}

function useCells() {
  const translate = useTranslate();
  const say = useSay();
  const sourceWords = useSourceWords();
  const word = (key: string): string => translate(`desk.breachPreview.${key}`);
  return (row: Breach) => {
    const setting = row.setting as RiskSetting;
    const { kind }: RiskSettingSpec = riskSettings[setting];
    const unit = kind === "money" || kind === "loss-rule" ? ` ${row.currency}` : "";
    const assetClass = assetClasses.find((one) => one === row.assetClass);
    const from = row.isDrafted
      ? word("thisChange")
      : row.source === "together"
        ? word("together")
        : sourceWords(row.source);
    return [
      <ShortName key="account">
        <RefText field={toAccount} id={row.accountId} />
      </ShortName>,
      <ShortName key="partner">{row.partner}</ShortName>,
      say(riskSettingFields[setting].label),
      row.instrumentId ??
        (assetClass === undefined ? translate("desk.riskTable.wholeAccount") : say(assetClassLabels[assetClass])),
      `${figure(row.value)}${unit}`,
      `${figure(row.limit)}${unit}`,
      row.before === null ? translate("desk.riskTable.noLimit") : `${figure(row.before)}${unit}`,
      row.overPercent === null ? "–" : figure(row.overPercent),
      from,
      row.action === null ? word("refuses") : translate(`desk.riskTable.rule.of.${row.action}`),
    ];
  };
}
