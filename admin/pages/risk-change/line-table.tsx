import UndoIcon from "@mui/icons-material/Undo";
import { Box, IconButton, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { useTranslate } from "react-admin";
import type { EffectiveSetting } from "#contracts/risk-api.ts";
import type { SheetLine, SheetSetting } from "#contracts/risk-change-api.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { isSame } from "../risk-table/cell-text.ts";
import { HeldValue } from "../risk-table/held-value.tsx";
import { SettingCell, useToldValue } from "../risk-table/setting-cell.tsx";
import { DirectionMark } from "./direction-mark.tsx";
import { useTargetWords } from "./target-words.ts";
import type { Draft, Fault } from "./use-draft.ts";

interface Props {
  readonly line: SheetLine;
  readonly shown: readonly RiskSetting[];
  readonly draft: Draft;
  readonly fault: Fault | null;
  readonly isReadOnly: boolean;
  readonly isOpen: boolean;
  readonly forget: (name: RiskSetting) => void;
}

/** Each setting that is changed: in force now, what the line is to say, and what would be in force then. */
export function LineTable(props: Props) {
  const { shown, isReadOnly, isOpen } = props;
  const translate = useTranslate();
  if (shown.length === 0) return null;
  const heads = isOpen ? ["inForce", "draft", "planned", "direction"] : ["was", "became", "direction"];
  return (
    <Box sx={{ overflowX: "auto" }} tabIndex={0}>
      <Table
        size="small"
        sx={{
          "& td, & th": { px: 1, py: 0.5 },
          "& td:first-of-type, & th:first-of-type": { pl: 2 },
          "& tbody tr:last-of-type > *": { border: 0 },
        }}
      >
        <TableHead>
          <TableRow>
            <TableCell sx={{ width: "26%" }}>{translate("desk.riskTable.setting")}</TableCell>
            {heads.map((head) => (
              <TableCell key={head} align={head === "direction" ? "left" : "right"}>
                {translate(`desk.riskChange.${head}`)}
              </TableCell>
            ))}
            {!isReadOnly && <TableCell aria-label={translate("desk.riskChange.restore")} />}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((name) => (
            <SettingRow key={name} name={name} {...props} />
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

/** Room for a loss rule, or a window of hours. */
const cellWidth = 230;

const nothing: Omit<SheetSetting, "name"> = {
  ...{ own: null, drafted: null, inherited: null, inForce: null, planned: null },
  direction: "same",
};

function SettingRow({ name, line, draft, fault, isReadOnly, isOpen, forget }: Props & { readonly name: RiskSetting }) {
  const translate = useTranslate();
  const say = useSay();
  const words = useTargetWords();
  const label = say(riskSettingFields[name].label);
  const { own, drafted, inherited, inForce, planned, direction } =
    line.settings.find((one) => one.name === name) ?? nothing;
  const isChanged = !isSame(own, drafted);
  return (
    <TableRow data-setting={name}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 400, whiteSpace: "normal", minWidth: 130 }}>
        {label}
      </TableCell>
      <TableCell align="right" data-part="now">
        {isOpen ? <InForce name={name} held={inForce} /> : <Said name={name} value={own} />}
      </TableCell>
      <TableCell align="right" data-part="draft">
        {isReadOnly ? (
          <Said name={name} value={drafted} />
        ) : (
          <Box sx={{ border: `1px solid ${token("lineStrong")}`, borderRadius: "6px", width: cellWidth, ml: "auto" }}>
            <SettingCell
              name={name}
              label={`${label}, ${words(line)}`}
              value={drafted ?? null}
              inherited={inherited?.value ?? null}
              isChanged={isChanged}
              fault={fault?.name === name}
              isReadOnly={false}
              change={(value) => void (isSame(value, drafted) ? undefined : draft.set(line, name, value))}
            />
          </Box>
        )}
      </TableCell>
      {isOpen && (
        <TableCell align="right" data-part="planned">
          <InForce name={name} held={planned} change={line.id} />
        </TableCell>
      )}
      <TableCell>
        <DirectionMark direction={direction} />
      </TableCell>
      {!isReadOnly && (
        <TableCell align="right" sx={{ width: 48 }}>
          <IconButton
            size="small"
            disabled={draft.isBusy}
            aria-label={`${translate("desk.riskChange.restore")}: ${label}`}
            title={translate("desk.riskChange.restore")}
            onClick={() => {
              forget(name);
              if (isChanged) void draft.restore(line, name);
            }}
          >
            <UndoIcon fontSize="small" />
          </IconButton>
        </TableCell>
      )}
    </TableRow>
  );
}

interface InForceProps {
  readonly name: RiskSetting;
  readonly held: EffectiveSetting | null;
  /** The drafted line, whose own values are told as such. */
  readonly change?: string;
}

function InForce({ name, held, change }: InForceProps) {
  const translate = useTranslate();
  if (held === null) return <Muted>{translate("desk.riskTable.noLimit")}</Muted>;
  return <HeldValue name={name} held={held} isDrafted={held.limitId === change} />;
}

/** What a line says of a setting, or that it leaves it to the next wider one. */
function Said({ name, value }: { readonly name: RiskSetting; readonly value: unknown }) {
  const translate = useTranslate();
  const told = useToldValue(name);
  if (value === null || value === undefined) return <Muted>{translate("desk.riskChange.saysNothing")}</Muted>;
  return <b>{told(value)}</b>;
}

const Muted = ({ children }: { readonly children: string }) => (
  <Box component="span" sx={{ color: token("textMuted") }}>
    {children}
  </Box>
);
