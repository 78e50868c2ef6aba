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
        if (random.nextBoolean()) {
            gateway.nat(1, 1, 5000, 5000 + random.nextInt(64));
        }
        if (random.nextBoolean()) {
            gateway.oneToOne(1, Wire.address("203.0.113.12"), Net.VM2);
        }
        int filtering = random.nextInt(3);
        int block = random.nextBoolean() ? 64 : 0;
        gateway.settings(2, s -> s.withFiltering(filtering).withPortBlockSize(block));
        return gateway;
    }
}
