import type { SvgIconComponent } from "@mui/icons-material";
import AccountBalanceIcon from "@mui/icons-material/AccountBalanceOutlined";
import WalletIcon from "@mui/icons-material/AccountBalanceWalletOutlined";
import AssignmentIcon from "@mui/icons-material/AssignmentOutlined";
import BankIcon from "@mui/icons-material/AssuredWorkloadOutlined";
import BadgeIcon from "@mui/icons-material/BadgeOutlined";
import CalendarIcon from "@mui/icons-material/CalendarMonthOutlined";
import CompareIcon from "@mui/icons-material/CompareArrowsOutlined";
import DifferenceIcon from "@mui/icons-material/DifferenceOutlined";
import FillIcon from "@mui/icons-material/DoneAllOutlined";
import CloseIcon from "@mui/icons-material/EventAvailableOutlined";
import ExpiryIcon from "@mui/icons-material/EventBusyOutlined";
import RehearsalIcon from "@mui/icons-material/FastForwardOutlined";
import DownloadIcon from "@mui/icons-material/FileDownloadOutlined";
import DecisionIcon from "@mui/icons-material/GavelOutlined";
import GroupsIcon from "@mui/icons-material/GroupsOutlined";
import HandshakeIcon from "@mui/icons-material/HandshakeOutlined";
import LogIcon from "@mui/icons-material/HistoryOutlined";
import KeyIcon from "@mui/icons-material/KeyOutlined";
import VersionsIcon from "@mui/icons-material/LayersOutlined";
import LinkIcon from "@mui/icons-material/LinkOutlined";
import OrderIcon from "@mui/icons-material/ListAltOutlined";
import MoveIcon from "@mui/icons-material/MoveDownOutlined";
import InIcon from "@mui/icons-material/MoveToInboxOutlined";
import OutIcon from "@mui/icons-material/OutboundOutlined";
import PaymentsIcon from "@mui/icons-material/PaymentsOutlined";
import PercentIcon from "@mui/icons-material/PercentOutlined";
import PersonIcon from "@mui/icons-material/PersonOutlined";
import PieIcon from "@mui/icons-material/PieChartOutlined";
import PowerIcon from "@mui/icons-material/PowerSettingsNewOutlined";
import PayoutIcon from "@mui/icons-material/PriceChangeOutlined";
import MarkIcon from "@mui/icons-material/PriceCheckOutlined";
import EventIcon from "@mui/icons-material/ReceiptLongOutlined";
import BreachIcon from "@mui/icons-material/ReportOutlined";
import StatementIcon from "@mui/icons-material/RequestQuoteOutlined";
import RulesIcon from "@mui/icons-material/RuleOutlined";
import SendIcon from "@mui/icons-material/SendOutlined";
import ShieldIcon from "@mui/icons-material/ShieldOutlined";
import ChartIcon from "@mui/icons-material/ShowChartOutlined";
import LineIcon from "@mui/icons-material/SubjectOutlined";
import SupervisorIcon from "@mui/icons-material/SupervisorAccountOutlined";
import SwapIcon from "@mui/icons-material/SwapHorizOutlined";
import TableIcon from "@mui/icons-material/TableRowsOutlined";
import TuneIcon from "@mui/icons-material/TuneOutlined";
import WarningIcon from "@mui/icons-material/WarningAmberOutlined";
import WaterfallIcon from "@mui/icons-material/WaterfallChartOutlined";

/** Pictures of the rail by resource, in the order of the rail; a resource without one comes last, with a plain table. */
const icons: Readonly<Record<string, SvgIconComponent>> = {
  orders: OrderIcon,
  positions: PieIcon,
  fills: FillIcon,
  "margin-events": WarningIcon,
  "risk-changes": DifferenceIcon,
  "risk-rehearsals": RehearsalIcon,
  "risk-decisions": DecisionIcon,
  "risk-breaches": BreachIcon,
  "kill-switches": PowerIcon,
  "risk-limits": ShieldIcon,
  "risk-versions": VersionsIcon,
  "risk-change-lines": LineIcon,
  "risk-policy": TuneIcon,
  traders: PersonIcon,
  accounts: WalletIcon,
  "trader-groups": GroupsIcon,
  "account-links": LinkIcon,
  "account-link-decisions": LineIcon,
  transfers: SwapIcon,
  deposits: InIcon,
  withdrawals: OutIcon,
  "payout-batches": SendIcon,
  "bank-payouts": PayoutIcon,
  adjustments: TuneIcon,
  "payment-events": EventIcon,
  "reconciliation-runs": CompareIcon,
  "reconciliation-tasks": DifferenceIcon,
  "reconciliation-items": LineIcon,
  "day-closes": CloseIcon,
  "day-close-steps": CloseIcon,
  "account-statements": StatementIcon,
  "bank-statements": StatementIcon,
  "statement-lines": LineIcon,
  "ledger-accounts": AccountBalanceIcon,
  exports: DownloadIcon,
  agents: SupervisorIcon,
  commissions: PercentIcon,
  "commission-payouts": PayoutIcon,
  "commission-fills": WaterfallIcon,
  "commission-plans": RulesIcon,
  "commission-assignments": AssignmentIcon,
  "commission-versions": VersionsIcon,
  "agent-moves": MoveIcon,
  instruments: ChartIcon,
  "session-calendars": CalendarIcon,
  contracts: ExpiryIcon,
  "tick-corrections": DifferenceIcon,
  "settlement-marks": MarkIcon,
  partners: HandshakeIcon,
  "partner-keys": KeyIcon,
  "payment-channels": PaymentsIcon,
  "bank-accounts": BankIcon,
  "export-schedules": CalendarIcon,
  staff: BadgeIcon,
  "audit-log": LogIcon,
};

export const iconOf = (resource: string): SvgIconComponent => icons[resource] ?? TableIcon;

const order = Object.keys(icons);

/** Place of a resource within its group of the rail. */
export const rankOf = (resource: string): number => {
  const rank = order.indexOf(resource);
  return rank === -1 ? order.length : rank;
};
