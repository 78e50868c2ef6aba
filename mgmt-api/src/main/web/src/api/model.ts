import type { components } from './schema.gen';

/** Short names of the contract's schemas. */
type Schemas = components['schemas'];

export type Overview = Schemas['Fabric'];
export type NodeStatus = Schemas['NodeStatus'];
export type NodeReport = Schemas['GatewayStatus'];
export type PortStatus = Schemas['PortStatus'];
export type VsidStatus = Schemas['VsidStatus'];
export type LookupRecord = Schemas['LookupRecord'];
export type Session = Schemas['Session'];
export type VmMtu = Schemas['Mtu'];
export type Follower = Schemas['Follower'];
export type Identity = Schemas['Identity'];
export type CertificateAuthority = Schemas['CertificateAuthority'];

export type LogicalNetwork = Schemas['LogicalNetwork'];
export type NetworkSite = Schemas['NetworkSite'];
export type IpPool = Schemas['IpPool'];
export type Host = Schemas['Host'];
export type Gateway = Schemas['Gateway'];
export type VmNetwork = Schemas['VmNetwork'];
export type VmSubnet = Schemas['VmSubnet'];
export type VmNetworkGateway = Schemas['VmNetworkGateway'];
export type Vm = Schemas['Vm'];
export type Nic = Schemas['Nic'];
export type NatConnection = Schemas['NatConnection'];
export type NatRule = Schemas['NatRule'];
export type NatOneToOne = Schemas['NatOneToOne'];
export type NatExemption = Schemas['NatExemption'];
export type TenantInterface = Schemas['TenantInterface'];
export type VmNetworkPeering = Schemas['VmNetworkPeering'];

/** Fabric objects that belong together, by kind. */
export interface Objects {
  readonly logicalNetworks: readonly LogicalNetwork[];
  readonly networkSites: readonly NetworkSite[];
  readonly ipPools: readonly IpPool[];
  readonly hosts: readonly Host[];
  readonly gateways: readonly Gateway[];
  readonly vmNetworks: readonly VmNetwork[];
  /** Others that peerings of those name. */
  readonly peers?: readonly VmNetwork[];
  readonly vmSubnets: readonly VmSubnet[];
  readonly vmNetworkGateways: readonly VmNetworkGateway[];
  /** The first of them; all if there are as many as vmsTotal. */
  readonly vms: readonly Vm[];
  readonly vmsTotal: number;
  readonly natConnections: readonly NatConnection[];
  readonly natRules: readonly NatRule[];
  readonly natOneToOnes: readonly NatOneToOne[];
  readonly natExemptions: readonly NatExemption[];
  readonly tenantInterfaces: readonly TenantInterface[];
  readonly vmNetworkPeerings: readonly VmNetworkPeering[];
}

/** One node of the fabric that follows the manager. */
export interface NodeRef {
  readonly kind: 'gateway' | 'host';
  readonly id: string;
}
