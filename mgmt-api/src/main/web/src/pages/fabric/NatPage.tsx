import type { NatConnection, NatExemption, NatOneToOne, NatRule } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { Panel } from '../../components/Panel';
import { TenantName } from '../../components/TenantName';
import { WithFabric } from '../../components/WithFabric';
import type { FabricIndex, Tenant } from '../../domain/fabricIndex';
import { count } from '../../domain/units';
import { text } from '../../text/en';

const c = text.columns;

interface ConnectionRow {
  readonly nat: NatConnection;
  readonly tenant: Tenant;
  readonly rules: readonly NatRule[];
}
interface OneToOneRow {
  readonly one: NatOneToOne;
  readonly tenant: Tenant;
}
interface ExemptionRow {
  readonly exemption: NatExemption;
  readonly tenant: Tenant;
}
interface RuleRow extends Omit<ConnectionRow, 'rules'> {
  readonly rule: NatRule;
}

const NETWORK = {
  id: 'network',
  title: c.vmNetwork,
  value: (row: { tenant: Tenant }) => row.tenant.network.name,
  cell: (row: { tenant: Tenant }) => <TenantName tenant={row.tenant} />,
};

const CONNECTIONS: readonly Column<ConnectionRow>[] = [
  { id: 'name', title: c.name, value: (r) => r.nat.name, cell: (r) => r.nat.name },
  NETWORK,
  { id: 'external', title: c.externalAddress, value: (r) => r.nat.externalAddress, cell: (r) => <Mono>{r.nat.externalAddress}</Mono> },
  { id: 'ports', title: c.portRange, value: (r) => r.nat.portMin, cell: (r) => `${r.nat.portMin}–${r.nat.portMax}`, numeric: true },
  { id: 'sources', title: c.sources, value: (r) => r.nat.sourcePrefixes.join(' '), cell: (r) => prefixes(r.nat.sourcePrefixes) },
  { id: 'filtering', title: c.filtering, value: (r) => r.nat.filtering, cell: (r) => text.filtering[r.nat.filtering] },
  { id: 'gateway', title: c.gateway, value: (r) => r.tenant.gateway?.name, cell: (r) => r.tenant.gateway?.name ?? text.unknown },
  { id: 'rules', title: text.nat.rules, value: (r) => r.rules.length, cell: (r) => count(r.rules.length), numeric: true },
];

const RULES: readonly Column<RuleRow>[] = [
  { id: 'name', title: c.name, value: (r) => r.rule.name, cell: (r) => r.rule.name },
  NETWORK,
  { id: 'protocol', title: c.protocol, value: (r) => r.rule.protocol, cell: (r) => r.rule.protocol },
  {
    id: 'external',
    title: c.external,
    value: (r) => `${r.nat.externalAddress}:${r.rule.externalPort}`,
    cell: (r) => <Mono>{`${r.nat.externalAddress}:${ports(r.rule.externalPort, r.rule.portCount)}`}</Mono>,
  },
  {
    id: 'internal',
    title: c.internal,
    value: (r) => `${r.rule.internalAddress}:${r.rule.internalPort}`,
    cell: (r) => <Mono>{`${r.rule.internalAddress}:${ports(r.rule.internalPort, r.rule.portCount)}`}</Mono>,
  },
  { id: 'remote', title: c.openTo, value: (r) => r.rule.remotePrefixes.join(' '), cell: (r) => prefixes(r.rule.remotePrefixes) },
];

const ONE_TO_ONES: readonly Column<OneToOneRow>[] = [
  { id: 'name', title: c.name, value: (r) => r.one.name, cell: (r) => r.one.name },
  NETWORK,
  { id: 'external', title: c.externalAddress, value: (r) => r.one.externalAddress, cell: (r) => <Mono>{r.one.externalAddress}</Mono> },
  { id: 'internal', title: c.internal, value: (r) => r.one.internalAddress, cell: (r) => <Mono>{r.one.internalAddress}</Mono> },
];

const EXEMPTIONS: readonly Column<ExemptionRow>[] = [
  { id: 'name', title: c.name, value: (r) => r.exemption.name, cell: (r) => r.exemption.name },
  NETWORK,
  { id: 'source', title: c.sources, value: (r) => r.exemption.sourcePrefix, cell: (r) => <Mono>{r.exemption.sourcePrefix}</Mono> },
  { id: 'destination', title: c.destination, value: (r) => r.exemption.destinationPrefix, cell: (r) => <Mono>{r.exemption.destinationPrefix}</Mono> },
];

const ports = (first: number, number: number): string => (number === 1 ? String(first) : `${first}–${first + number - 1}`);

/** An empty list means everybody. */
const prefixes = (list: readonly string[]) => (list.length === 0 ? text.nat.all : <Mono>{list.join(' ')}</Mono>);

function connectionRows({ tenants, rulesByNat }: FabricIndex): ConnectionRow[] {
  return tenants.flatMap((tenant) => tenant.nats.map((nat) => ({ nat, tenant, rules: rulesByNat.get(nat.id) ?? [] })));
}

export default function NatPage() {
  const t = text.nat;
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) => {
        const rows = connectionRows(index);
        const ones = index.tenants.flatMap((tenant) => tenant.oneToOnes.map((one): OneToOneRow => ({ one, tenant })));
        const exemptions = index.tenants.flatMap((tenant) => tenant.exemptions.map((exemption): ExemptionRow => ({ exemption, tenant })));
        if (rows.length + ones.length + exemptions.length === 0) {
          return <NextStep title={text.empty.natTitle} body={text.empty.natBody} commands={[text.empty.demo, text.empty.natCurl]} />;
        }
        const rules = rows.flatMap(({ nat, tenant, rules }) => rules.map((rule): RuleRow => ({ nat, tenant, rule })));
        return (
          <>
            <Panel title={t.connections} testId="nat-connections">
              <DataTable label={t.connections} columns={CONNECTIONS} rows={rows} rowKey={(row) => row.nat.id} filter={rows.length > 10} />
            </Panel>
            <Panel title={t.rules} testId="nat-rules">
              {rules.length === 0 ? (
                <NextStep title={text.empty.rulesTitle} body={text.empty.rulesBody} commands={[text.empty.rulesCurl]} headingLevel="h3" />
              ) : (
                <DataTable label={t.rules} columns={RULES} rows={rules} rowKey={(row) => row.rule.id} filter={rules.length > 10} />
              )}
            </Panel>
            {ones.length > 0 && (
              <Panel title={t.oneToOnes} testId="nat-one-to-ones">
                <DataTable label={t.oneToOnes} columns={ONE_TO_ONES} rows={ones} rowKey={(row) => row.one.id} filter={ones.length > 10} />
              </Panel>
            )}
            {exemptions.length > 0 && (
              <Panel title={t.exemptions} testId="nat-exemptions">
                <DataTable label={t.exemptions} columns={EXEMPTIONS} rows={exemptions} rowKey={(row) => row.exemption.id} filter={exemptions.length > 10} />
              </Panel>
            )}
          </>
        );
      }}
    </WithFabric>
  );
}
