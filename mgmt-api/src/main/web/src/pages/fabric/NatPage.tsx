import { Link } from 'react-router';
import { filterValue } from '../../api/list';
import { useById, useChildren } from '../../api/lookups';
import type { NatConnection, NatExemption, NatOneToOne, NatRule } from '../../api/model';
import { ConnectionNetworkCell, GatewayCell, NatNetworkCell } from '../../components/cells';
import type { Column } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { ServerTable } from '../../components/ServerTable';
import { count } from '../../domain/units';
import { text } from '../../text/en';

const c = text.columns;
const t = text.nat;

const byName = (wanted: string) => `name~${filterValue(wanted)}`;
const byNameOrExternal = (wanted: string) => `${/^[0-9.]*\.[0-9.]*$|:.*:/.test(wanted) ? 'externalAddress' : 'name'}~${filterValue(wanted)}`;
const named = (kind: string, object: { id: string; name: string }) => <Link to={`/fabric/${kind}/${object.id}`}>{object.name}</Link>;
const ports = (first: number, number: number): string => (number === 1 ? String(first) : `${first}–${first + number - 1}`);

/** An empty list means everybody. */
const prefixes = (list: readonly string[]) => (list.length === 0 ? t.all : <Mono>{list.join(' ')}</Mono>);

const CONNECTIONS: readonly Column<NatConnection>[] = [
  { id: 'name', title: c.name, cell: (nat) => named('nat-connections', nat) },
  { id: 'network', title: c.vmNetwork, cell: (nat) => <ConnectionNetworkCell id={nat.vmNetworkGatewayId} /> },
  { id: 'external', title: c.externalAddress, cell: (nat) => <Mono>{nat.externalAddress}</Mono> },
  { id: 'ports', title: c.portRange, cell: (nat) => `${nat.portMin}–${nat.portMax}`, numeric: true },
  { id: 'sources', title: c.sources, cell: (nat) => prefixes(nat.sourcePrefixes) },
  { id: 'filtering', title: c.filtering, cell: (nat) => text.filtering[nat.filtering] },
  { id: 'gateway', title: c.gateway, cell: (nat) => <GatewayOf id={nat.vmNetworkGatewayId} /> },
  { id: 'rules', title: t.rules, cell: (nat) => <RulesOf id={nat.id} />, numeric: true },
];

const RULES: readonly Column<NatRule>[] = [
  { id: 'name', title: c.name, cell: (rule) => named('nat-rules', rule) },
  { id: 'network', title: c.vmNetwork, cell: (rule) => <NatNetworkCell id={rule.natConnectionId} /> },
  { id: 'protocol', title: c.protocol, cell: (rule) => rule.protocol },
  { id: 'external', title: c.external, cell: (rule) => <External rule={rule} /> },
  { id: 'internal', title: c.internal, cell: (rule) => <Mono>{`${rule.internalAddress}:${ports(rule.internalPort, rule.portCount)}`}</Mono> },
  { id: 'remote', title: c.openTo, cell: (rule) => prefixes(rule.remotePrefixes) },
];

const ONE_TO_ONES: readonly Column<NatOneToOne>[] = [
  { id: 'name', title: c.name, cell: (one) => named('nat-one-to-ones', one) },
  { id: 'network', title: c.vmNetwork, cell: (one) => <ConnectionNetworkCell id={one.vmNetworkGatewayId} /> },
  { id: 'external', title: c.externalAddress, cell: (one) => <Mono>{one.externalAddress}</Mono> },
  { id: 'internal', title: c.internal, cell: (one) => <Mono>{one.internalAddress}</Mono> },
];

const EXEMPTIONS: readonly Column<NatExemption>[] = [
  { id: 'name', title: c.name, cell: (exemption) => named('nat-exemptions', exemption) },
  { id: 'network', title: c.vmNetwork, cell: (exemption) => <ConnectionNetworkCell id={exemption.vmNetworkGatewayId} /> },
  { id: 'source', title: c.sources, cell: (exemption) => <Mono>{exemption.sourcePrefix}</Mono> },
  { id: 'destination', title: c.destination, cell: (exemption) => <Mono>{exemption.destinationPrefix}</Mono> },
];

function GatewayOf({ id }: { id: string }) {
  return <GatewayCell id={useById('vm-network-gateways', id)?.['gatewayId'] as string | undefined} />;
}

function RulesOf({ id }: { id: string }) {
  return <>{count(useChildren('nat-rules', 'natConnectionId', id)?.length)}</>;
}

function External({ rule }: { rule: NatRule }) {
  const address = useById('nat-connections', rule.natConnectionId)?.['externalAddress'];
  return <Mono>{`${String(address ?? '')}:${ports(rule.externalPort, rule.portCount)}`}</Mono>;
}

/** Everything that translates addresses, each sort page by page. */
export default function NatPage() {
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      <Panel title={t.connections} testId="nat-connections">
        <ServerTable<NatConnection>
          label={t.connections} kind="nat-connections" columns={CONNECTIONS} find={byNameOrExternal} findLabel={t.find}
          empty={<NextStep title={text.empty.natTitle} body={text.empty.natBody} commands={[text.empty.demo, text.empty.natCurl]} headingLevel="h3" />}
        />
      </Panel>
      <Panel title={t.rules} testId="nat-rules">
        <ServerTable<NatRule>
          label={t.rules} kind="nat-rules" columns={RULES} find={byName} parameter="rule"
          empty={<NextStep title={text.empty.rulesTitle} body={text.empty.rulesBody} commands={[text.empty.rulesCurl]} headingLevel="h3" />}
        />
      </Panel>
      <Panel title={t.oneToOnes} testId="nat-one-to-ones">
        <ServerTable<NatOneToOne> label={t.oneToOnes} kind="nat-one-to-ones" columns={ONE_TO_ONES} find={byNameOrExternal} parameter="one" findLabel={t.find} empty={<p className="nv-quiet">{t.oneToOnesNone}</p>} />
      </Panel>
      <Panel title={t.exemptions} testId="nat-exemptions">
        <ServerTable<NatExemption> label={t.exemptions} kind="nat-exemptions" columns={EXEMPTIONS} find={byName} parameter="exemption" empty={<p className="nv-quiet">{t.exemptionsNone}</p>} />
      </Panel>
    </>
  );
}
