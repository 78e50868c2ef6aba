import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listAll } from './client';
import { useLive } from './live';
import type { Objects } from './model';

const KEY = ['objects'] as const;
/** A burst of changes is one reload, not one per change. */
const SETTLE_MILLIS = 300;

async function loadObjects(): Promise<Objects> {
  const [
    logicalNetworks, networkSites, ipPools, hosts, gateways, vmNetworks,
    vmSubnets, vmNetworkGateways, vms, natConnections, natRules,
    natOneToOnes, natExemptions, tenantInterfaces, vmNetworkPeerings,
  ] = await Promise.all([
    listAll('/api/v1/logical-networks'),
    listAll('/api/v1/network-sites'),
    listAll('/api/v1/ip-pools'),
    listAll('/api/v1/hosts'),
    listAll('/api/v1/gateways'),
    listAll('/api/v1/vm-networks'),
    listAll('/api/v1/vm-subnets'),
    listAll('/api/v1/vm-network-gateways'),
    listAll('/api/v1/vms'),
    listAll('/api/v1/nat-connections'),
    listAll('/api/v1/nat-rules'),
    listAll('/api/v1/nat-one-to-ones'),
    listAll('/api/v1/nat-exemptions'),
    listAll('/api/v1/tenant-interfaces'),
    listAll('/api/v1/vm-network-peerings'),
  ]);
  return {
    logicalNetworks, networkSites, ipPools, hosts, gateways, vmNetworks,
    vmSubnets, vmNetworkGateways, vms, natConnections, natRules,
    natOneToOnes, natExemptions, tenantInterfaces, vmNetworkPeerings,
  };
}

/** All fabric objects; undefined before the first answer. Kept when the manager goes away. */
export function useObjects(): Objects | undefined {
  return useQuery({ queryKey: KEY, queryFn: loadObjects, staleTime: Infinity, retry: true, retryDelay: 2_000 }).data;
}

/** Loads the objects again after each change of the fabric's revision. Mounted once, by the shell. */
export function useObjectsFollowRevision(): void {
  const client = useQueryClient();
  const revision = useLive().overview?.revision;
  useEffect(() => {
    if (revision === undefined) return;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: KEY }), SETTLE_MILLIS);
    return () => clearTimeout(timer);
  }, [client, revision]);
}
