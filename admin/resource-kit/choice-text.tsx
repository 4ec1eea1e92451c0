import type { SvgIconComponent } from "@mui/icons-material";
import BlockIcon from "@mui/icons-material/Block";
import CheckCircleIcon from "@mui/icons-material/CheckCircleOutlined";
import RemoveCircleIcon from "@mui/icons-material/RemoveCircleOutlined";
import ScheduleIcon from "@mui/icons-material/Schedule";
import { Box } from "@mui/material";
import type { ChoiceField } from "#contracts/field.ts";
import { type Tokens, token } from "../theme/tokens.ts";
import { useSay } from "./hooks.ts";

interface Look {
  readonly colour: keyof Tokens;
  readonly icon: SvgIconComponent | null;
}
const fine: Look = { colour: "ok", icon: CheckCircleIcon };
const pending: Look = { colour: "warn", icon: ScheduleIcon };
const limited: Look = { colour: "warn", icon: RemoveCircleIcon };
const stopped: Look = { colour: "danger", icon: BlockIcon };
const over: Look = { colour: "textMuted", icon: RemoveCircleIcon };
const buying: Look = { colour: "buy", icon: null };
const selling: Look = { colour: "sell", icon: null };

/** States carry an icon and a word, so that the colour is never alone. Sides have their own two colours. */
const looks: Readonly<Record<string, Look>> = {
  active: fine,
  filled: fine,
  full: fine,
  accepted: pending,
  working: pending,
  "close-only": limited,
  "margin-call": limited,
  "reduce-only": limited,
  "stop-out": stopped,
  ok: fine,
  "long-only": limited,
  "short-only": limited,
  halted: stopped,
  halt: stopped,
  "in-force": stopped,
  lifted: over,
  settling: pending,
  settled: fine,
  "no-price": limited,
  paying: pending,
  paid: fine,
  queued: pending,
  running: pending,
  succeeded: fine,
  failed: stopped,
  disabled: stopped,
  revoked: stopped,
  rejected: stopped,
  proposed: pending,
  applied: fine,
  withdrawn: over,
  done: fine,
  cancelled: over,
  expired: over,
  buy: buying,
  sell: selling,
  long: buying,
  short: selling,
};

/** A word of a closed list, in the language of the screen. */
export function ChoiceText({ field, value }: { readonly field: ChoiceField; readonly value: string }) {
  const say = useSay();
  const label = field.optionLabels[value];
  const words = label === undefined ? value : say(label);
  const look = looks[value];
  if (look === undefined) return <>{words}</>;
  const Icon = look.icon;
  return (
    <Box
      component="span"
      sx={{
        display: "inline-flex",
        verticalAlign: "bottom",
        alignItems: "center",
        gap: 0.5,
        color: token(look.colour),
      }}
    >
      {Icon !== null && <Icon sx={{ fontSize: 16 }} aria-hidden />}
      {words}
    </Box>
  );
}
