import { type ComponentType, lazy } from "react";
import { Admin, CustomRoutes, Resource } from "react-admin";
import { Route } from "react-router-dom";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarations } from "./declarations.ts";
import { DeskLayout } from "./layout/layout.tsx";
import { LoginPage } from "./layout/login-page.tsx";
import { iconOf } from "./layout/resource-icons.ts";
import { deskAuthProvider } from "./providers/auth-provider.ts";
import { deskDataProvider } from "./providers/data-provider.ts";
import { deskI18nProvider, screenLocale } from "./providers/i18n-provider.ts";
import { deskStore } from "./providers/store.ts";
import { titleOf } from "./resource-kit/record-title.ts";
import { darkTheme, lightTheme } from "./theme/theme.ts";

const authProvider = deskAuthProvider();
const dataProvider = deskDataProvider();
const store = deskStore();

const Dashboard = lazily(async () => (await import("./pages/dashboard/dashboard.tsx")).Dashboard);
const AgentTree = lazily(async () => (await import("./pages/agent-tree/agent-tree.tsx")).AgentTree);
const ExposurePage = lazily(async () => (await import("./pages/exposure/exposure-page.tsx")).ExposurePage);
const FundFlow = lazily(async () => (await import("./pages/fund-flow/fund-flow.tsx")).FundFlow);
const RiskTable = lazily(async () => (await import("./pages/risk-table/risk-table.tsx")).RiskTable);
const ResourceQueue = lazily(async () => (await import("./resource-kit/resource-queue.tsx")).ResourceQueue);
const ResourceList = lazily(async () => (await import("./resource-kit/resource-list.tsx")).ResourceList);
const ResourceShow = lazily(async () => (await import("./resource-kit/resource-show.tsx")).ResourceShow);
const ResourceCreate = lazily(async () => (await import("./resource-kit/resource-form.tsx")).ResourceCreate);
const ResourceEdit = lazily(async () => (await import("./resource-kit/resource-form.tsx")).ResourceEdit);

/** The back office: providers, the pages made of the declarations, and the few made by hand. */
export function BackOffice() {
  return (
    <Admin
      authProvider={authProvider}
      dataProvider={dataProvider}
      i18nProvider={deskI18nProvider}
      store={store}
      dashboard={Dashboard}
      layout={DeskLayout}
      loginPage={LoginPage}
      theme={lightTheme}
      darkTheme={darkTheme}
      requireAuth
      disableTelemetry
    >
      {declarations.map((declaration) => resourceOf(declaration))}
      <CustomRoutes>
        <Route path="/exposure/*" element={<ExposurePage />} />
        <Route path="/fund-flow" element={<FundFlow />} />
        <Route path="/risk-table" element={<RiskTable />} />
        <Route path="/queue/:resource" element={<ResourceQueue />} />
        <Route path="/agent-tree" element={<AgentTree />} />
      </CustomRoutes>
    </Admin>
  );
}

/** Only what is declared has a page; who may open it is asked of the auth provider. */
function resourceOf(declaration: ResourceDeclaration) {
  const { name, operations } = declaration;
  return (
    <Resource
      key={name}
      name={name}
      icon={iconOf(name)}
      recordRepresentation={(record) => titleOf(declaration, record, screenLocale())}
      {...(operations.list === undefined ? {} : { list: ResourceList })}
      {...(operations.read === undefined ? {} : { show: ResourceShow })}
      {...(operations.create === undefined ? {} : { create: ResourceCreate })}
      {...(operations.update === undefined ? {} : { edit: ResourceEdit })}
    />
  );
}

/** A page whose code is fetched when it is first opened. */
function lazily(load: () => Promise<ComponentType>) {
  return lazy(async () => ({ default: await load() }));
}
