import { Skeleton } from "@mui/material";
import { lazy, Suspense } from "react";
import type { RaRecord } from "react-admin";

const ChangeBench = lazy(async () => ({
  default: (await import("../pages/risk-change/change-bench.tsx")).ChangeBench,
}));

/** The workbench on the page of a change of the risk table; its code is fetched when one is first opened. */
export function RecordRiskChange({ record }: { readonly record: RaRecord }) {
  return (
    <Suspense fallback={<Skeleton variant="rounded" height={280} />}>
      <ChangeBench key={record.id} record={record} />
    </Suspense>
  );
}
