import { Alert, Box, Skeleton } from "@mui/material";
import { useMemo, useState } from "react";
import { Title, useStore, useTranslate } from "react-admin";
import type { Book } from "#contracts/names.ts";
import type { WireOrder, WireQuote } from "#contracts/trading-api.ts";
import { useDeskSocket } from "../../providers/desk-socket.ts";
import { useSession } from "../../resource-kit/hooks.ts";
import { ErrorState } from "../../resource-kit/states.tsx";
import { BookSwitch } from "./book-switch.tsx";
import { ExposurePanel } from "./exposure-panel.tsx";
import { FiguresRow } from "./figures-row.tsx";
import { OrdersPanel } from "./orders-panel.tsx";
import { QuotesPanel } from "./quotes-panel.tsx";
import { useDashboard } from "./use-dashboard.ts";
import { WaitingPanel } from "./waiting-panel.tsx";

const ordersShown = 10;

/** The state of the house: six figures, live quotes, exposure, what waits for a person. */
export function Dashboard() {
  const translate = useTranslate();
  const { reply, seen, error, refresh } = useDashboard();
  const { quotes, orders, isLive } = useStream();
  const session = useSession();
  const [book, setBook] = useStore<Book>("dashboard.book", "live");
  if (reply === null && error !== null) return <ErrorState error={error} retry={refresh} />;
  if (reply === null) return <Skeleton variant="rounded" height={480} sx={{ mt: 2 }} />;
  const newest = reply.quotes.map((polled) => newer(polled, quotes.get(polled.instrument)));
  return (
    <Box sx={{ py: 2, display: "grid", gap: 2, minWidth: 0 }}>
      <Title title={translate("desk.dashboard.title")} />
      {error !== null && <Alert severity="warning">{translate("desk.dashboard.offline")}</Alert>}
      <BookSwitch book={book} choose={setBook} />
      <FiguresRow reply={reply} seen={seen} book={book} />
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 4fr) minmax(0, 3fr)" },
          alignItems: "start",
        }}
      >
        <QuotesPanel quotes={newest} isLive={isLive} />
        <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
          <WaitingPanel waiting={reply.waiting} />
          <ExposurePanel exposure={reply.exposure.filter((line) => line.book === book)} book={book} />
        </Box>
      </Box>
      {session?.tenantId === null && <OrdersPanel orders={orders} />}
    </Box>
  );
}

const newer = (polled: WireQuote, pushed: WireQuote | undefined): WireQuote =>
  pushed !== undefined && pushed.seq > polled.seq ? pushed : polled;

/** Quotes and orders as the stream tells them; a frame shows many quotes at once. */
function useStream() {
  const [quotes, setQuotes] = useState<ReadonlyMap<string, WireQuote>>(new Map());
  const [orders, setOrders] = useState<readonly WireOrder[]>([]);
  const listener = useMemo(() => {
    let waiting: Map<string, WireQuote> | null = null;
    return {
      quote: (quote: WireQuote) => {
        if (waiting === null) {
          waiting = new Map();
          requestAnimationFrame(() => {
            const arrived = waiting ?? new Map<string, WireQuote>();
            waiting = null;
            setQuotes((before) => new Map([...before, ...arrived]));
          });
        }
        waiting.set(quote.instrument, quote);
      },
      order: (order: WireOrder) =>
        setOrders((before) => [order, ...before.filter(({ id }) => id !== order.id)].slice(0, ordersShown)),
    };
  }, []);
  const isLive = useDeskSocket(listener);
  return { quotes, orders, isLive };
}
