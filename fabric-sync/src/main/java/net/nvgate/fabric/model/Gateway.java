package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * @param hostGroupIds groups whose hosts it serves; empty = every host
 * @param directRouting it routes for one VM network and translates nothing (VMM DirectRoutingMode)
 * @param manufacturer of the device
 * @param model of the device, may be empty
 * @param draining no VM network comes to it any more
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
        int maxVmNetworks,
        List<UUID> hostGroupIds,
        boolean directRouting,
        String manufacturer,
        String model,
        boolean draining)
        implements FabricObject {

    public static final int MAX_VM_NETWORKS_DEFAULT = 50;
    public static final int MAX_VM_NETWORKS_LIMIT = 100_000;

    public static final String MANUFACTURER_DEFAULT = "nvgate";

    private static final int TEXT_LENGTH_MAX = 64;

    /** Of an older version, a gateway of ours that serves every host. */
    public Gateway(
            Meta meta,
            UUID paPoolId,
            IpAddress providerAddress,
            UUID externalPoolId,
            IpAddress externalAddress,
            Optional<UUID> paPool6Id,
            Optional<IpAddress> providerAddress6,
            Optional<UUID> externalPool6Id,
            Optional<IpAddress> externalAddress6,
            int maxVmNetworks,
            @Nullable List<UUID> hostGroupIds,
            boolean directRouting,
            @Nullable String manufacturer,
            @Nullable String model,
            boolean draining) {
        String kind = Kind.GATEWAY.label();
        this.meta = Rules.meta(Kind.GATEWAY, meta);
        this.paPoolId = Rules.required(kind, "paPoolId", paPoolId);
        this.providerAddress = Rules.required(kind, "providerAddress", providerAddress);
        this.externalPoolId = Rules.required(kind, "externalPoolId", externalPoolId);
        this.externalAddress = Rules.required(kind, "externalAddress", externalAddress);
        second("paPool6Id", paPool6Id, "providerAddress6", providerAddress6);
        second("externalPool6Id", externalPool6Id, "externalAddress6", externalAddress6);
        this.paPool6Id = paPool6Id;
        this.providerAddress6 = providerAddress6;
        this.externalPool6Id = externalPool6Id;
        this.externalAddress6 = externalAddress6;
        // A forwarding gateway serves exactly one VM network.
        int networksMax = directRouting ? 1 : MAX_VM_NETWORKS_LIMIT;
        this.maxVmNetworks = Rules.range(kind, "maxVmNetworks", maxVmNetworks, 1, networksMax);
        this.hostGroupIds = Rules.distinct(kind, "hostGroupIds", hostGroupIds);
        this.directRouting = directRouting;
        this.manufacturer = text("manufacturer", Rules.given(manufacturer, MANUFACTURER_DEFAULT));
        this.model = text("model", Rules.given(model, ""));
        this.draining = draining;
    }

    private static String text(String field, String value) {
        if (value.length() > TEXT_LENGTH_MAX || !Rules.printable(value)) {
            throw new ModelException(
                    Kind.GATEWAY.label(), field, value, "must be at most " + TEXT_LENGTH_MAX + " printable characters");
        }
        return value;
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

    /** One or two, of different families. */
    public List<IpAddress> providerAddresses() {
        return Stream.concat(Stream.of(providerAddress), providerAddress6.stream())
                .toList();
    }

    @Override
    public Kind kind() {
        return Kind.GATEWAY;
    }

    @Override
    public Set<UUID> references() {
        return Stream.of(
                        Stream.of(paPoolId, externalPoolId),
                        paPool6Id.stream(),
                        externalPool6Id.stream(),
                        hostGroupIds.stream())
                .flatMap(ids -> ids)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Gateway withMeta(Meta meta) {
        return with(meta, draining);
    }

    /** The same gateway, to which VM networks come no more, or again. */
    public Gateway withDraining(boolean draining) {
        return with(meta, draining);
    }

    private Gateway with(Meta meta, boolean draining) {
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
                maxVmNetworks,
                hostGroupIds,
                directRouting,
                manufacturer,
                model,
                draining);
    }
}
