import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { StressReply } from "#contracts/stress.ts";
import { figure, signOf } from "../../../format/figures.ts";
import { token } from "../../../theme/tokens.ts";

interface Props {
  readonly currency: string;
  readonly instruments: StressReply["instruments"];
}

const barsMax = 12;

/** The house's result by instrument: to the right what it wins, to the left what it loses. Lengths, not amounts: here alone a figure becomes a number. */
export function HouseChart({ currency, instruments }: Props) {
  const translate = useTranslate();
  const bars = instruments
    .filter((one) => one.currency === currency && signOf(one.market) !== 0)
    .map((one) => ({ ...one, length: Number(one.market) }))
    .sort((a, b) => Math.abs(b.length) - Math.abs(a.length))
    .slice(0, barsMax);
  const longest = Math.max(...bars.map(({ length }) => Math.abs(length)));
  if (bars.length === 0) return null;
  return (
    <Box component="figure" sx={{ m: 0, px: 2, pb: 2, maxWidth: 760 }}>
      <Box component="figcaption" sx={{ fontSize: 12, color: token("textMuted"), pb: 0.5 }}>
        {translate("desk.stressBench.houseOf", { currency })}
      </Box>
      <Box sx={{ display: "grid", gridTemplateColumns: "auto minmax(60px, 1fr) auto", gap: "4px 12px", fontSize: 13 }}>
        {bars.map(({ instrumentId, length, market }) => (
          <Box key={instrumentId} sx={{ display: "contents" }}>
            <span>{instrumentId}</span>
            <Bar share={length / longest} />
            <Box component="span" sx={{ textAlign: "right", fontVariantNumeric: "tabular-nums" }}>
              {figure(market)}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** From the middle to the right (+) or left (-); `share` of the half. */
function Bar({ share }: { readonly share: number }) {
  const width = `${Math.max(0.5, Math.abs(share) * 50).toFixed(1)}%`;
  return (
    <Box aria-hidden sx={{ position: "relative", borderRadius: 0.5, bgcolor: token("surfaceSunken"), minHeight: 14 }}>
      <Box
        sx={{ position: "absolute", left: "50%", top: 0, bottom: 0, borderLeft: `1px solid ${token("lineStrong")}` }}
      />
      <Box
        sx={{
          position: "absolute",
          top: 2,
          bottom: 2,
          width,
          borderRadius: 0.5,
          bgcolor: token(share < 0 ? "down" : "up"),
          ...(share < 0 ? { right: "50%" } : { left: "50%" }),
        }}
      />
    </Box>
  );
}
