import { Alert, Box, Button, Typography } from "@mui/material";
import { useGetResourceLabel, useListContext, useTranslate } from "react-admin";
import { type Failure, failureOf } from "../providers/http.ts";
import { token } from "../theme/tokens.ts";
import { useDeclaration, useMay, useSentence } from "./hooks.ts";
import { NewButton } from "./new-button.tsx";

/** What happened, what to do next, and the trace id small. */
export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const translate = useTranslate();
  const sentence = useSentence();
  const { message, traceId } = failureOf(error);
  return (
    <Box role="alert" sx={{ p: 4, textAlign: "center", display: "grid", gap: 1, justifyItems: "center" }}>
      <Typography variant="h2" component="p">
        {translate("desk.error.notLoaded")}
      </Typography>
      <Typography variant="body2" sx={{ maxWidth: 480 }}>
        {sentence(message)} {translate(traceId === null ? "desk.error.tryAgain" : "desk.error.whatNext")}
      </Typography>
      <Button variant="outlined" size="small" onClick={retry}>
        {translate("desk.error.retry")}
      </Button>
      {traceId !== null && <TraceId traceId={traceId} />}
    </Box>
  );
}

/** What failed, where the rest of the page or panel stays. */
export function FailureAlert({ failure }: { readonly failure: Failure }) {
  const sentence = useSentence();
  return (
    <Alert severity="error">
      {sentence(failure.message)}
      {failure.traceId !== null && <TraceId traceId={failure.traceId} />}
    </Alert>
  );
}

/** The number by which the support finds the request in the logs. */
export function TraceId({ traceId }: { readonly traceId: string }) {
  const translate = useTranslate();
  return (
    <Box component="small" sx={{ display: "block", fontSize: 12, opacity: 0.8, overflowWrap: "anywhere" }}>
      {translate("desk.error.trace", { traceId })}
    </Box>
  );
}

/** A list that could not be loaded. */
export function ListErrorState() {
  const { error, refetch } = useListContext();
  return <ErrorState error={error} retry={() => void refetch()} />;
}

/** A list without rows: what will be here, and the one button that begins it. */
export function EmptyState() {
  const { name } = useDeclaration();
  const { filterValues, setFilters } = useListContext();
  const translate = useTranslate();
  const labelOf = useGetResourceLabel();
  const may = useMay();
  const isFiltered = Object.keys(filterValues).length > 0;
  return (
    <Box className="empty-state" sx={{ p: 4, textAlign: "center", display: "grid", gap: 1, justifyItems: "center" }}>
      <Typography variant="h2" component="p">
        {isFiltered ? translate("desk.list.emptyFiltered") : translate("ra.page.empty", { name: labelOf(name, 2) })}
      </Typography>
      {isFiltered ? (
        <Button size="small" variant="outlined" onClick={() => setFilters({})}>
          {translate("ra.navigation.clear_filters")}
        </Button>
      ) : (
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {translate("desk.list.emptyWhat", { name: labelOf(name, 1) })}
        </Typography>
      )}
      {!isFiltered && may(name, "create") && <NewButton />}
    </Box>
  );
}
