import { Box } from "@mui/material";
import { token } from "../../theme/tokens.ts";

const width = 120;
const height = 28;

interface Props {
  readonly values: readonly (number | null)[];
  readonly label: string;
}

/** A figure's recent past as one line; gaps where nothing was measured. Drawn flat while there is only one value. */
export function Sparkline({ values, label }: Props) {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known, 0);
  const bottom = Math.min(...known, 0);
  const step = width / Math.max(values.length - 1, 1);
  const y = (value: number) => height - 2 - ((value - bottom) / (top - bottom || 1)) * (height - 4);
  const runs = runsOf(values).map(({ start, run }) => {
    const points = run.map((value, index) => `${((start + index) * step).toFixed(1)} ${y(value).toFixed(1)}`);
    return `M${points.join("L")}${run.length === 1 ? `h${values.length === 1 ? width : 0.5}` : ""}`;
  });
  return (
    <Box
      component="svg"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      sx={{ width: "100%", height, display: "block", fill: "none", stroke: token("accent"), strokeWidth: 1.5 }}
    >
      <path d={`M0 ${y(0).toFixed(1)}H${width}`} stroke={token("line")} vectorEffect="non-scaling-stroke" />
      <path d={runs.join("")} vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
    </Box>
  );
}

interface Run {
  readonly start: number;
  readonly run: number[];
}

function runsOf(values: readonly (number | null)[]): readonly Run[] {
  const runs: Run[] = [];
  let open: Run | null = null;
  values.forEach((value, index) => {
    if (value === null) {
      open = null;
      return;
    }
    if (open === null) {
      open = { start: index, run: [] };
      runs.push(open);
    }
    open.run.push(value);
  });
  return runs;
}
