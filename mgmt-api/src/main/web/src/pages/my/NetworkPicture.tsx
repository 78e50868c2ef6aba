import { Mono } from '../../components/Mono';
import type { FabricIndex, Tenant } from '../../domain/fabricIndex';
import { count } from '../../domain/units';
import { myText as t } from '../../text/my';

const VMS_SHOWN = 8;

/** A network from the outside to its VMs, left to right: public addresses and what they lead to, gateway, subnets. */
export function NetworkPicture({ tenant, index }: { tenant: Tenant; index: FabricIndex }) {
  return (
    <figure className="nv-picture" role="group" aria-label={t.picture(tenant.network.name)} data-testid="picture">
      <Outside tenant={tenant} index={index} />
      <div className="nv-picture__line" aria-hidden="true" />
      <div className="nv-picture__box nv-picture__gateway">
        <strong>{t.gateway}</strong>
        {tenant.connection ? <Mono>{tenant.connection.address}</Mono> : <span className="nv-quiet">{t.noGateway}</span>}
      </div>
      <div className="nv-picture__line" aria-hidden="true" />
      <div className="nv-picture__subnets">
        {tenant.subnets.map((subnet) => {
          const nics = tenant.vms.flatMap((vm) => vm.nics.filter((nic) => nic.vmSubnetId === subnet.id).map((nic) => ({ vm, nic })));
          return (
            <div key={subnet.id} className={`nv-picture__box nv-tenant-${tenant.colour}`}>
              <strong>{subnet.name}</strong> <Mono>{[subnet.prefix, subnet.prefix6].filter(Boolean).join(' ')}</Mono>
              {nics.length === 0 ? <p className="nv-quiet">{t.noVms}</p> : (
                <ul>
                  {nics.slice(0, VMS_SHOWN).map(({ vm, nic }) => (
                    <li key={nic.id}><span>{vm.name}</span> <Mono>{nic.address}</Mono></li>
                  ))}
                  {nics.length > VMS_SHOWN && <li className="nv-quiet">{t.more(count(nics.length - VMS_SHOWN))}</li>}
                </ul>
              )}
            </div>
          );
        })}
      </div>
    </figure>
  );
}

function Outside({ tenant, index }: { tenant: Tenant; index: FabricIndex }) {
  const none = tenant.nats.length + tenant.oneToOnes.length + tenant.interfaces.length === 0;
  return (
    <div className="nv-picture__box nv-picture__outside">
      <strong>{t.outside}</strong>
      {none && <p className="nv-quiet">{t.noOutside}</p>}
      <ul>
        {tenant.nats.map((nat) => (
          <li key={nat.id}>
            <Mono>{nat.externalAddress}</Mono> <small className="nv-quiet">{t.translated}</small>
            <ul>
              {(index.rulesByNat.get(nat.id) ?? []).slice(0, VMS_SHOWN).map((rule) => (
                <li key={rule.id}><Mono>{t.published(`${rule.protocol} ${rule.externalPort}`, `${rule.internalAddress}:${rule.internalPort}`)}</Mono></li>
              ))}
            </ul>
          </li>
        ))}
        {tenant.oneToOnes.map((one) => (
          <li key={one.id}><Mono>{one.externalAddress}</Mono> <small className="nv-quiet">{t.oneToOne(one.internalAddress)}</small></li>
        ))}
        {tenant.interfaces.map((own) => <li key={own.id}>{own.name} <Mono>VLAN {own.vlanId}</Mono></li>)}
      </ul>
    </div>
  );
}
