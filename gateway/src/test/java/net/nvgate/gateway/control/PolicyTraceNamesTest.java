package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

/** What traces call what they met. */
class PolicyTraceNamesTest {

    private static final IpAddress EXTERNAL = IpAddress.parse("203.0.113.100");
    private static final int TCP = 6;
    private static final int UDP = 17;

    private static PolicyObject rule(int id, NatRule.Protocol protocol) {
        return new NatRule(id(id), id(1001), protocol, 53, IpAddress.parse("192.168.1.3"), 53, 2, List.of());
    }

    @Test
    void natRulesOfOnePortAreToldApartByProtocol() throws PolicyRejectedException {
        RouteTables tables = new RouteTables(TestMemory::allocate, 1);
        TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});
        policy.replace(new PolicySnapshot(
                1,
                List.of(
                        new RoutingDomain(id(1), "blue"),
                        PolicySamples.connection(1, EXTERNAL.toString()),
                        rule(2001, NatRule.Protocol.TCP),
                        rule(2002, NatRule.Protocol.UDP))));
        PolicyTraceNames names = new PolicyTraceNames(policy, tables);
        assertThat(names.natRule(EXTERNAL, 54, TCP)).contains(id(2001).toString());
        assertThat(names.natRule(EXTERNAL, 54, UDP)).contains(id(2002).toString());
        assertThat(names.natRule(EXTERNAL, 55, UDP)).isEmpty();
        assertThat(names.natRule(IpAddress.parse("2001:db8::1"), 53, UDP)).isEmpty();
    }
}
