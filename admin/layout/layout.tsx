import type { ReactNode } from "react";
import { Layout } from "react-admin";
import { DeskAppBar } from "./app-bar.tsx";
import { Rail } from "./rail.tsx";

/** Bar above, rail on the left, the page beside it. */
export function DeskLayout({ children }: { readonly children: ReactNode }) {
  return (
    <Layout appBar={DeskAppBar} menu={Rail} appBarAlwaysOn>
      {children}
    </Layout>
  );
}
