package net.nvgate.gateway.worker;

import java.util.random.RandomGenerator;

/** Gateways for fuzzing: every feature is on in some of them. */
final class FuzzGateways {

    private FuzzGateways() {}

    static TestGateway of(RandomGenerator random) {
        TestGateway gateway = new TestGateway();
        if (random.nextBoolean()) {
            gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
            gateway.rule(2, Wire.UDP, 53, Net.VM1, 53);
        }
        return gateway;
    }
}
