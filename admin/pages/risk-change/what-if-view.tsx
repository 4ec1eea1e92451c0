import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { refusalLabels } from "#contracts/risk-choices.ts";
import { type WireOutcome, type WireWhatIf, whatIfResult } from "#contracts/what-if.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { NestedValue } from "../../resource-kit/nested-value.tsx";
import { RefText } from "../../resource-kit/ref-text.tsx";
import { ShortName, toPartner, toTrader } from "../exposure/group-name.tsx";
import { DayChart } from "./day-chart.tsx";
import { Legend } from "./legend.tsx";
import { type BarRow, OutcomeBars } from "./outcome-bars.tsx";
import { WhatIfTotals } from "./what-if-totals.tsx";
import { WhatIfWords } from "./what-if-words.tsx";

interface Props {
  readonly value: unknown;
  /** Of the rehearsal before, to compare with. */
  readonly before?: unknown;
  readonly beforeName?: string;
}

/** What a change would have done to a period's orders: in words, in sums, and by what and whom. */
export function WhatIfView({ value, before = null, beforeName = "" }: Props) {
  const read = whatIfResult.safeParse(value);
  if (!read.success) return <NestedValue value={value} />;
  const earlier = whatIfResult.safeParse(before);
  return (
    <Box className="what-if" sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 2, pb: 2 }}>
      <WhatIfWords result={read.data} />
      <WhatIfTotals result={read.data} before={earlier.success ? earlier.data : null} beforeName={beforeName} />
      <Charts result={read.data} />
    </Box>
  );
}

function Charts({ result }: { readonly result: WireWhatIf }) {
  const translate = useTranslate();
  const say = useSay();
  if (result.totals.length === 0) return null;
  const word = (key: string): string => translate(`desk.whatIf.${key}`);
  const { byCode, byDay, byInstrument, byPartner, byTrader } = result;
  const codes = byCode.map(
    (one): BarRow => ({ ...one, key: one.code, name: say(refusalLabels[one.code]), money: null }),
  );
  const rowsOf = (outcomes: readonly WireOutcome[], nameOf: (id: string) => BarRow["name"]): BarRow[] =>
    outcomes.map((one) => ({ ...one, key: `${one.id} ${one.currency}`, name: nameOf(one.id), money: one }));
  return (
    <>
      <Legend />
      <DayChart days={byDay} />
      <OutcomeBars title={word("byCode")} head={word("code")} rows={codes} />
      <OutcomeBars title={word("byInstrument")} head={word("instrument")} rows={rowsOf(byInstrument, (id) => id)} />
      <OutcomeBars
        title={word("byPartner")}
        head={word("partner")}
        rows={rowsOf(byPartner, (id) => <RefText field={toPartner} id={Number(id)} />)}
      />
      <OutcomeBars
        title={word("byTrader")}
        head={word("trader")}
        rows={rowsOf(byTrader, (id) => (
          <ShortName>
            <RefText field={toTrader} id={id} />
          </ShortName>
        ))}
      />
    </>
  );
}
