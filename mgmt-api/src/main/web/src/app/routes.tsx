import { lazy } from 'react';
import type { RouteObject } from 'react-router';
import { OverviewPage } from '../pages/overview/OverviewPage';
import { NotFoundPage } from '../pages/NotFoundPage';
import { Shell } from './Shell';

// The overview comes with the first load; the rest when somebody goes there.
const TopologyPage = lazy(() => import('../pages/topology/TopologyPage'));
const NetworksPage = lazy(() => import('../pages/fabric/NetworksPage'));
const VmsPage = lazy(() => import('../pages/fabric/VmsPage'));
const NatPage = lazy(() => import('../pages/fabric/NatPage'));
const RecordsPage = lazy(() => import('../pages/nodes/RecordsPage'));
const SessionsPage = lazy(() => import('../pages/nodes/SessionsPage'));

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    children: [
      { path: '/', element: <OverviewPage /> },
      { path: '/topology', element: <TopologyPage /> },
      { path: '/vm-networks', element: <NetworksPage /> },
      { path: '/vms', element: <VmsPage /> },
      { path: '/nat', element: <NatPage /> },
      { path: '/records', element: <RecordsPage /> },
      { path: '/sessions', element: <SessionsPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
];
