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

const widths = { inForce: "20%", draft: 250, planned: "24%", was: "20%", became: "20%", direction: 110 } as const;

/** Told, not shown: the button below says it by its picture. */
const unseen = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
} as const;

/** The columns of all lines begin at the same place; on a telephone each setting is a block, and its cells say what they are. */
const layout = {
  tableLayout: { sm: "fixed" },
  minWidth: { sm: 820 },
  "& td, & th": { px: 1, py: 0.5, whiteSpace: "normal" },
  "& td:first-of-type, & th:first-of-type": { pl: 2 },
  "& tbody tr:last-of-type > *": { border: 0 },
  "@media (max-width:599px)": {
    "& thead": { display: "none" },
    "& tbody tr": { display: "grid", gridTemplateColumns: "1fr 1fr", py: 1, borderTop: `1px solid ${token("line")}` },
    "& tbody th": { gridColumn: "1 / -1", height: "auto", border: 0, fontWeight: "600 !important" },
    "& tbody td": { display: "block", height: "auto", border: 0, textAlign: "left", pl: 2 },
    "& tbody td[data-head]::before": {
      ...{ content: "attr(data-head)", display: "block", fontSize: 12, color: token("textMuted") },
    },
    '& td[data-part="draft"]': { gridColumn: "1 / -1" },
  },
} as const;

/** Each setting that is changed: in force now, what the line is to say, and what would be in force then. */
export function LineTable(props: Props) {
  const { shown, isReadOnly, isOpen } = props;
  const translate = useTranslate();
  if (shown.length === 0) return null;
  const heads = isOpen
    ? (["inForce", "draft", "planned", "direction"] as const)
    : (["was", "became", "direction"] as const);
  return (
    <Box sx={{ overflowX: "auto" }} tabIndex={0}>
      <Table size="small" sx={layout}>
        <TableHead>
          <TableRow>
            <TableCell>{translate("desk.riskTable.setting")}</TableCell>
            {heads.map((head) => (
              <TableCell
                key={head}
                align={head === "direction" ? "left" : "right"}
                sx={{ width: head === "draft" && isReadOnly ? widths.was : widths[head] }}
              >
                {translate(`desk.riskChange.${head}`)}
              </TableCell>
            ))}
            {!isReadOnly && (
              <TableCell sx={{ width: 56, position: "relative" }}>
                <Box component="span" sx={unseen}>
                  {translate("desk.riskChange.restore")}
                </Box>
              </TableCell>
            )}
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

const nothing: Omit<SheetSetting, "name"> = {
  ...{ own: null, drafted: null, inherited: null, inForce: null, planned: null },
  direction: "same",
};

function SettingRow({ name, line, draft, fault, isReadOnly, isOpen, forget }: Props & { readonly name: RiskSetting }) {
  const translate = useTranslate();
  const say = useSay();
  const word = (key: string): string => translate(`desk.riskChange.${key}`);
  const label = say(riskSettingFields[name].label);
  const setting = line.settings.find((one) => one.name === name) ?? nothing;
  const { own, drafted, inForce, planned, direction } = setting;
  const isChanged = !isSame(own, drafted);
  return (
    <TableRow data-setting={name}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 400 }}>
        {label}
      </TableCell>
      <TableCell align="right" data-part="now" data-head={word(isOpen ? "inForce" : "was")}>
        {isOpen ? <InForce name={name} held={inForce} /> : <Said name={name} value={own} />}
      </TableCell>
      <TableCell align="right" data-part="draft" data-head={word(isOpen ? "draft" : "became")}>
        {isReadOnly ? (
          <Said name={name} value={drafted} />
        ) : (
          <DraftCell name={name} line={line} draft={draft} fault={fault} setting={setting} />
        )}
      </TableCell>
      {isOpen && (
        <TableCell align="right" data-part="planned" data-head={word("planned")}>
          <InForce name={name} held={planned} change={line.id} />
        </TableCell>
      )}
      <TableCell data-head={word("direction")}>
        <DirectionMark direction={direction} />
      </TableCell>
      {!isReadOnly && (
        <TableCell align="right" sx={{ width: 48 }}>
          <IconButton
            size="small"
            disabled={draft.isBusy}
            aria-label={`${word("restore")}: ${label}`}
            title={word("restore")}
            onClick={() => {
              forget(name);
              draft.dismiss();
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

interface DraftCellProps extends Pick<Props, "line" | "draft" | "fault"> {
  readonly name: RiskSetting;
  readonly setting: Omit<SheetSetting, "name">;
}

/** What the line is to say: as it is being set, as it was refused, or as the draft has it. */
function DraftCell({ name, line, draft, fault, setting: { own, drafted, inherited } }: DraftCellProps) {
  const say = useSay();
  const words = useTargetWords();
  const pending = draft.pending?.line === line.id ? draft.pending.changes : {};
  const shown = name in pending ? pending[name] : fault?.name === name ? fault.value : drafted;
  return (
    <Box sx={{ border: `1px solid ${token("lineStrong")}`, borderRadius: "6px", width: "100%" }}>
      <SettingCell
        name={name}
        label={`${say(riskSettingFields[name].label)}, ${words(line)}`}
        value={shown ?? null}
        inherited={inherited?.value ?? null}
        isChanged={!isSame(own, drafted)}
        fault={fault?.name === name}
        isReadOnly={false}
        change={(value) => (isSame(value, drafted) ? draft.dismiss() : void draft.set(line, name, value))}
      />
    </Box>
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
