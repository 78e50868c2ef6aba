package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.Alg;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.NatTimeouts;
import net.nvgate.fabric.model.Rules;

/** Requests for address translation. */
public sealed interface NatSpec<T extends FabricObject> extends FabricSpec<T> {

    /** The gateway's external pool, ports 1024..65535 and the settings of {@link NatSettings#DEFAULT} by default. */
    record NatConnectionSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkGatewayId,
            Optional<UUID> externalPoolId,
            Optional<IpAddress> externalAddress,
            Optional<Integer> portMin,
            Optional<Integer> portMax,
            List<IpPrefix> sourcePrefixes,
            Optional<Filtering> filtering,
            Optional<NatTimeouts> timeouts,
            Optional<Integer> portBlockSize,
            List<IpPrefix> deterministicPrefixes,
            Optional<Set<Alg>> algs,
            Optional<Integer> maximumBandwidthInboundKbps,
            Optional<Integer> maximumBandwidthOutboundKbps,
            Optional<LimitMode> limitMode)
            implements NatSpec<NatConnection> {

        public NatConnectionSpec {
            meta = SpecMeta.checked(Kind.NAT_CONNECTION, meta);
            Rules.required(Kind.NAT_CONNECTION.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
            sourcePrefixes = Rules.list(Kind.NAT_CONNECTION.label(), "sourcePrefixes", sourcePrefixes);
            deterministicPrefixes =
                    Rules.list(Kind.NAT_CONNECTION.label(), "deterministicPrefixes", deterministicPrefixes);
            algs = algs.map(chosen -> Collections.unmodifiableSet(new TreeSet<>(chosen)));
        }

        @Override
        public Kind kind() {
            return Kind.NAT_CONNECTION;
        }
    }

    /** One port, open to everybody, by default. */
    record NatRuleSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID natConnectionId,
            NatRule.Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort,
            Optional<Integer> portCount,
            List<IpPrefix> remotePrefixes)
            implements NatSpec<NatRule> {

        public NatRuleSpec {
            meta = SpecMeta.checked(Kind.NAT_RULE, meta);
            Rules.required(Kind.NAT_RULE.label(), "natConnectionId", natConnectionId);
            Rules.required(Kind.NAT_RULE.label(), "protocol", protocol);
            Rules.required(Kind.NAT_RULE.label(), "internalAddress", internalAddress);
            remotePrefixes = Rules.list(Kind.NAT_RULE.label(), "remotePrefixes", remotePrefixes);
        }

        @Override
        public Kind kind() {
            return Kind.NAT_RULE;
        }
    }

    /** The gateway's external pool by default. */
    record NatOneToOneSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkGatewayId,
            Optional<UUID> externalPoolId,
            Optional<IpAddress> externalAddress,
            IpAddress internalAddress)
            implements NatSpec<NatOneToOne> {

        public NatOneToOneSpec {
            meta = SpecMeta.checked(Kind.NAT_ONE_TO_ONE, meta);
            Rules.required(Kind.NAT_ONE_TO_ONE.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
            Rules.required(Kind.NAT_ONE_TO_ONE.label(), "internalAddress", internalAddress);
        }

        @Override
        public Kind kind() {
            return Kind.NAT_ONE_TO_ONE;
        }
    }

    record NatExemptionSpec(
            @JsonUnwrapped SpecMeta meta, UUID vmNetworkGatewayId, IpPrefix sourcePrefix, IpPrefix destinationPrefix)
            implements NatSpec<NatExemption> {

        public NatExemptionSpec {
            meta = SpecMeta.checked(Kind.NAT_EXEMPTION, meta);
            Rules.required(Kind.NAT_EXEMPTION.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
            Rules.required(Kind.NAT_EXEMPTION.label(), "sourcePrefix", sourcePrefix);
            Rules.required(Kind.NAT_EXEMPTION.label(), "destinationPrefix", destinationPrefix);
        }

        @Override
        public Kind kind() {
            return Kind.NAT_EXEMPTION;
        }
    }
}
