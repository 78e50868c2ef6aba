import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import MinusCircleIcon from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { Card, CardBody } from '@patternfly/react-core/dist/esm/components/Card';
import type { ReactNode } from 'react';
import type { NodeStatus, Overview } from '../../api/model';
import { count } from '../../domain/units';
import { text } from '../../text/en';

type Health = 'good' | 'bad' | 'idle';

const ICONS: Record<Health, ReactNode> = {
  good: <CheckCircleIcon className="nv-good" />,
  bad: <ExclamationTriangleIcon className="nv-bad" />,
  idle: <MinusCircleIcon className="nv-idle" />,
};

interface CardProps {
  readonly id: string;
  readonly title: string;
  readonly value: ReactNode;
  readonly note: string;
  readonly health: Health;
}

function HealthCard({ id, title, value, note, health }: CardProps) {
  return (
    <Card isCompact isFullHeight className="nv-health" data-testid={id}>
      <CardBody>
        <h2 className="nv-health__title">{title}</h2>
        <p className="nv-health__value">{value}</p>
        <p className="nv-health__note">
          {ICONS[health]} <span>{note}</span>
        </p>
      </CardBody>
    </Card>
  );
}

const names = (nodes: readonly NodeStatus[]): string => nodes.map((node) => node.name).join(', ');

function fraction(id: string, title: string, nodes: readonly NodeStatus[], failing: readonly NodeStatus[], says: (names: string) => string): CardProps {
  const value = (
    <>
      {nodes.length - failing.length}
      <span className="nv-health__of"> / {nodes.length}</span>
    </>
  );
  if (nodes.length === 0) return { id, title, value, note: text.overview.noneYet, health: 'idle' };
  const bad = failing.length > 0;
  return { id, title, value, note: bad ? says(names(failing)) : text.overview.allWell, health: bad ? 'bad' : 'good' };
}

function policyCard(overview: Overview): CardProps {
  const t = text.overview;
  const nodes = [...overview.gateways, ...overview.hosts];
  const behind = nodes.filter((node) => node.lag > 0 || node.lastError !== undefined);
  const value = t.revision(overview.policyRevision);
  if (nodes.length === 0) return { id: 'policy', title: t.policy, value, note: t.noneYet, health: 'idle' };
  const note = behind.length === 0 ? t.inStep : t.behind(behind.length);
  return { id: 'policy', title: t.policy, value, note, health: behind.length === 0 ? 'good' : 'bad' };
}

function sessionsCard(overview: Overview): CardProps {
  const sum = (what: 'sessions' | 'records') =>
    overview.gateways.reduce((total, gateway) => total + (gateway.status?.[what] ?? 0), 0);
  const reporting = overview.gateways.some((gateway) => gateway.status);
  return {
    id: 'sessions',
    title: text.overview.sessions,
    value: count(sum('sessions')),
    note: reporting ? text.overview.records(count(sum('records'))) : text.overview.noneYet,
    health: reporting ? 'good' : 'idle',
  };
}

/** Four numbers that say whether anything needs a person. */
export function HealthCards({ overview }: { overview: Overview }) {
  const t = text.overview;
  const cards = [
    fraction('gateways', t.gateways, overview.gateways, overview.gateways.filter((g) => !g.forwarding || !g.connected), t.notForwarding),
    fraction('hosts', t.hosts, overview.hosts, overview.hosts.filter((h) => !h.connected), t.notConnected),
    policyCard(overview),
    sessionsCard(overview),
  ];
  return (
    <div className="nv-health-cards">
      {cards.map((card) => (
        <HealthCard key={card.id} {...card} />
      ))}
    </div>
  );
}
