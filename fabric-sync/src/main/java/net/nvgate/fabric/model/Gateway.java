package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An nvgate gateway (VMM network service of type gateway).
 *
 * @param paPoolId pool of an HNV logical network: the back end
 * @param providerAddress its address in the PA network, its alone
 * @param externalPoolId pool of a logical network without HNV: the front end
 * @param externalAddress its own address on the front end
 * @param paPool6Id pool of IPv6 addresses of the back end, if the gateway also speaks NVGRE over IPv6
 * @param providerAddress6 its second address in the PA network, its alone
 * @param externalPool6Id pool of IPv6 addresses of the front end, if the gateway forwards IPv6
 * @param externalAddress6 its own IPv6 address on the front end
 * @param maxVmNetworks VM networks it serves at most (VMM MaxVMNetworksSupported)
 */
public record Gateway(
        @JsonUnwrapped Meta meta,
        UUID paPoolId,
        IpAddress providerAddress,
        UUID externalPoolId,
        IpAddress externalAddress,
        Optional<UUID> paPool6Id,
        Optional<IpAddress> providerAddress6,
        Optional<UUID> externalPool6Id,
        Optional<IpAddress> externalAddress6,
        int maxVmNetworks)
        implements FabricObject {

    public static final int MAX_VM_NETWORKS_DEFAULT = 50;
    public static final int MAX_VM_NETWORKS_LIMIT = 100_000;

    public Gateway {
        Rules.meta(Kind.GATEWAY, meta);
        Rules.required(Kind.GATEWAY.label(), "paPoolId", paPoolId);
        Rules.required(Kind.GATEWAY.label(), "providerAddress", providerAddress);
        Rules.required(Kind.GATEWAY.label(), "externalPoolId", externalPoolId);
        Rules.required(Kind.GATEWAY.label(), "externalAddress", externalAddress);
        second("paPool6Id", paPool6Id, "providerAddress6", providerAddress6);
        second("externalPool6Id", externalPool6Id, "externalAddress6", externalAddress6);
        Rules.range(Kind.GATEWAY.label(), "maxVmNetworks", maxVmNetworks, 1, MAX_VM_NETWORKS_LIMIT);
    }

    private static void second(
            String poolField, Optional<UUID> pool, String addressField, Optional<IpAddress> address) {
        if (pool.isPresent() != address.isPresent()) {
            throw new ModelException(
                    Kind.GATEWAY.label(),
                    addressField,
                    address.orElse(null),
                    "comes with " + poolField + ", and only then");
        }
        address.filter(a -> a.bits() != 128).ifPresent(a -> {
            throw new ModelException(Kind.GATEWAY.label(), addressField, a, "must be IPv6");
        });
    }

    @Override
    public Kind kind() {
        return Kind.GATEWAY;
    }

    @Override
    public Set<UUID> references() {
        return Stream.of(Stream.of(paPoolId, externalPoolId), paPool6Id.stream(), externalPool6Id.stream())
                .flatMap(pools -> pools)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Gateway withMeta(Meta meta) {
        return new Gateway(
                meta,
                paPoolId,
                providerAddress,
                externalPoolId,
                externalAddress,
                paPool6Id,
                providerAddress6,
                externalPool6Id,
                externalAddress6,
                maxVmNetworks);
    }
}
