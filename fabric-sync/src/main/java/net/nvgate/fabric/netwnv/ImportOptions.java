package net.nvgate.fabric.netwnv;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.model.IpAddress;

/**
 * What hosts' states do not say.
 *
 * @param name of the fabric file that the import is: what it makes is labelled {@code nvgate/applied-by: NAME}, and networks of the
 *     datacenter begin with it; 1..32 of A-Z a-z 0-9 . _ -
 * @param gateways names of gateways of this fabric that take the tenants' ways out; of each the PA in the records that it has, or
 *     takes over; empty = any for which no other is named
 * @param externalPool pool of the front end, with which the import makes these gateways; empty = they are there
 * @param mtu of the PA network, bytes
 * @param tolerated errors that do not stand in the way
 */
public record ImportOptions(
        String name,
        Map<String, Optional<IpAddress>> gateways,
        Optional<String> externalPool,
        int mtu,
        Set<FindingCode> tolerated) {

    public static final String NAME_DEFAULT = "netwnv";
    public static final int MTU_DEFAULT = 1500;

    /** @throws IllegalArgumentException if a value does not hold */
    public ImportOptions {
        gateways = Map.copyOf(gateways);
        tolerated = Set.copyOf(tolerated);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,31}")) {
            throw new IllegalArgumentException("the name of an import must be 1..32 of A-Z a-z 0-9 . _ -, not " + name);
        }
        if (gateways.values().stream().filter(Optional::isEmpty).count() > 1) {
            throw new IllegalArgumentException("of several gateways all but one need a PA");
        }
    }

    /** No gateway, nothing tolerated. */
    public static ImportOptions defaults() {
        return new ImportOptions(NAME_DEFAULT, Map.of(), Optional.empty(), MTU_DEFAULT, Set.of());
    }

    /** The gateway that a record's PA stands for. */
    Optional<String> gateway(IpAddress providerAddress) {
        return gateways.entrySet().stream()
                .filter(each -> each.getValue().filter(providerAddress::equals).isPresent())
                .findFirst()
                .or(() -> gateways.entrySet().stream()
                        .filter(each -> each.getValue().isEmpty())
                        .findFirst())
                .map(Map.Entry::getKey);
    }
}
