import { Suspense, lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { Loading } from '../components/Loading';
import { NotFoundPage } from '../pages/NotFoundPage';
import { OverviewPage } from '../pages/overview/OverviewPage';
import { Shell } from './Shell';

// The overview comes with the first load; the rest when somebody goes there.
const TopologyPage = lazy(() => import('../pages/topology/TopologyPage'));
const NetworksPage = lazy(() => import('../pages/fabric/NetworksPage'));
const VmsPage = lazy(() => import('../pages/fabric/VmsPage'));
const NatPage = lazy(() => import('../pages/fabric/NatPage'));
const RecordsPage = lazy(() => import('../pages/nodes/RecordsPage'));
const MtuPage = lazy(() => import('../pages/nodes/MtuPage'));
const ConvergencePage = lazy(() => import('../pages/nodes/ConvergencePage'));
const PasswordPage = lazy(() => import('../pages/login/PasswordPage'));
const SessionsPage = lazy(() => import('../pages/nodes/SessionsPage'));

/** Which address shows which page. */
export function App() {
  return (
    <BrowserRouter>
      <Routes>
        <Route element={<Shell />}>
          <Route path="/" element={<OverviewPage />} />
          <Route path="/topology" element={<TopologyPage />} />
          <Route path="/vm-networks" element={<NetworksPage />} />
          <Route path="/vms" element={<VmsPage />} />
          <Route path="/nat" element={<NatPage />} />
          <Route path="/records" element={<RecordsPage />} />
          <Route path="/sessions" element={<SessionsPage />} />
          <Route path="/mtu" element={<MtuPage />} />
          <Route path="/convergence" element={<ConvergencePage />} />
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
