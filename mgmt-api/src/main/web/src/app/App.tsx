import { type ComponentType, Suspense, lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { useIsTenant } from '../api/session';
import { Loading } from '../components/Loading';
import { NotFoundPage } from '../pages/NotFoundPage';
import { Shell } from './Shell';

// Each page when somebody goes there: tenants need no overview, and who comes by a link only what it leads to.
const AuditPage = lazy(() => import('../pages/admin/AuditPage'));
const ConvergencePage = lazy(() => import('../pages/nodes/ConvergencePage'));
const EditPage = lazy(() => import('../pages/objects/EditPage'));
const GatewaysPage = lazy(() => import('../pages/admin/GatewaysPage'));
const GuidePage = lazy(() => import('../pages/objects/GuidePage'));
const ListPage = lazy(() => import('../pages/objects/ListPage'));
const MtuPage = lazy(() => import('../pages/nodes/MtuPage'));
const MyMtuPage = lazy(() => import('../pages/my/MyMtuPage'));
const MyNetworkPage = lazy(() => import('../pages/my/MyNetworkPage'));
const MyNetworksPage = lazy(() => import('../pages/my/MyNetworksPage'));
const MySessionsPage = lazy(() => import('../pages/my/MySessionsPage'));
const NatPage = lazy(() => import('../pages/fabric/NatPage'));
const NetworksPage = lazy(() => import('../pages/fabric/NetworksPage'));
const NewNetworkPage = lazy(() => import('../pages/my/NewNetworkPage'));
const ObjectPage = lazy(() => import('../pages/objects/ObjectPage'));
const OverviewPage = lazy(() => import('../pages/overview/OverviewPage'));
const PasswordPage = lazy(() => import('../pages/login/PasswordPage'));
const RecordsPage = lazy(() => import('../pages/nodes/RecordsPage'));
const RevisionsPage = lazy(() => import('../pages/admin/RevisionsPage'));
const SessionsPage = lazy(() => import('../pages/nodes/SessionsPage'));
const SettingsPage = lazy(() => import('../pages/admin/SettingsPage'));
const TokensPage = lazy(() => import('../pages/admin/TokensPage'));
const TopologyPage = lazy(() => import('../pages/topology/TopologyPage'));
const TracePage = lazy(() => import('../pages/admin/TracePage'));
const TrafficPage = lazy(() => import('../pages/admin/TrafficPage'));
const UsagePage = lazy(() => import('../pages/my/UsagePage'));
const UsersPage = lazy(() => import('../pages/admin/UsersPage'));
const VmsPage = lazy(() => import('../pages/fabric/VmsPage'));
const WhyPage = lazy(() => import('../pages/my/WhyPage'));

/** The first page: that of the fabric, or a tenant's own networks. */
function Home() {
  return useIsTenant() ? <MyNetworksPage /> : <OverviewPage />;
}

const PAGES: readonly (readonly [path: string, page: ComponentType])[] = [
  ['/', Home],
  ['/topology', TopologyPage],
  ['/guide', GuidePage],
  ['/fabric/:kind', ListPage],
  ['/fabric/:kind/new', EditPage],
  ['/fabric/:kind/:id', ObjectPage],
  ['/fabric/:kind/:id/edit', EditPage],
  ['/vm-networks', NetworksPage],
  ['/vms', VmsPage],
  ['/nat', NatPage],
  ['/gateways', GatewaysPage],
  ['/records', RecordsPage],
  ['/sessions', SessionsPage],
  ['/trace', TracePage],
  ['/traffic', TrafficPage],
  ['/mtu', MtuPage],
  ['/convergence', ConvergencePage],
  ['/revisions', RevisionsPage],
  ['/audit', AuditPage],
  ['/users', UsersPage],
  ['/tokens', TokensPage],
  ['/settings', SettingsPage],
  ['/my', MyNetworksPage],
  ['/my/networks/new', NewNetworkPage],
  ['/my/networks/:id', MyNetworkPage],
  ['/my/usage', UsagePage],
  ['/my/sessions', MySessionsPage],
  ['/my/why', WhyPage],
  ['/my/mtu', MyMtuPage],
];

/** Which address shows which page. */
export function App() {
  return (
    <BrowserRouter>
      <Routes>
        <Route element={<Shell />}>
          {PAGES.map(([path, Page]) => <Route key={path} path={path} element={<Page />} />)}
          <Route path="*" element={<NotFoundPage />} />
        </Route>
        <Route
          path="/password"
          element={<Suspense fallback={<Loading />}><PasswordPage onDone={() => window.location.assign('/')} /></Suspense>}
        />
      </Routes>
    </BrowserRouter>
  );
}
