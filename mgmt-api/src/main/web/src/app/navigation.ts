import { text } from '../text/en';

export interface Destination {
  readonly to: string;
  readonly label: string;
  /** Of the contract; whoever lacks it does not see the destination. */
  readonly needs: string;
}

export interface Group {
  readonly title?: string;
  readonly destinations: readonly Destination[];
}

const t = text.nav;

/** What those who run the fabric see. */
const ADMIN: readonly Group[] = [
  {
    destinations: [
      { to: '/', label: t.overview, needs: 'fabric-read' },
      { to: '/topology', label: t.topology, needs: 'fabric-read' },
      { to: '/guide', label: t.guide, needs: 'fabric-read' },
    ],
  },
  {
    title: t.fabricGroup,
    destinations: [
      { to: '/vm-networks', label: t.networks, needs: 'fabric-read' },
      { to: '/vms', label: t.vms, needs: 'fabric-read' },
      { to: '/nat', label: t.nat, needs: 'fabric-read' },
    ],
  },
  {
    title: t.nodesGroup,
    destinations: [
      { to: '/gateways', label: t.gateways, needs: 'fabric-read' },
      { to: '/sessions', label: t.sessions, needs: 'fabric-read' },
      { to: '/trace', label: t.trace, needs: 'fabric-read' },
      { to: '/traffic', label: t.traffic, needs: 'fabric-read' },
      { to: '/mtu', label: t.mtu, needs: 'fabric-read' },
      { to: '/records', label: t.records, needs: 'fabric-read' },
      { to: '/convergence', label: t.convergence, needs: 'fabric-read' },
    ],
  },
  {
    title: t.accessGroup,
    destinations: [
      { to: '/revisions', label: t.revisions, needs: 'fabric-read' },
      { to: '/audit', label: t.audit, needs: 'audit-read' },
      { to: '/users', label: t.users, needs: 'users-read' },
      { to: '/tokens', label: t.tokens, needs: 'tokens' },
      { to: '/settings', label: t.settings, needs: 'store-read' },
    ],
  },
];

/** What tenants see. */
const TENANT: readonly Group[] = [
  {
    destinations: [
      { to: '/', label: t.myNetworks, needs: 'tenant-read' },
      { to: '/my/usage', label: t.usage, needs: 'tenant-read' },
    ],
  },
  {
    title: t.whatHappens,
    destinations: [
      { to: '/my/sessions', label: t.sessions, needs: 'tenant-read' },
      { to: '/my/why', label: t.why, needs: 'tenant-read' },
      { to: '/my/mtu', label: t.mtu, needs: 'tenant-read' },
    ],
  },
  {
    title: t.accessGroup,
    destinations: [
      { to: '/users', label: t.users, needs: 'users-read' },
      { to: '/tokens', label: t.tokens, needs: 'tokens' },
    ],
  },
];

/** The navigation of somebody, without what he may not. */
export function navigationFor(tenant: boolean, may: (permission: string) => boolean): readonly Group[] {
  return (tenant ? TENANT : ADMIN)
    .map((group) => ({ ...group, destinations: group.destinations.filter(({ needs }) => may(needs)) }))
    .filter((group) => group.destinations.length > 0);
}
