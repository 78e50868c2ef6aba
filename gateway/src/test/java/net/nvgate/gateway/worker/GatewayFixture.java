package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway as {@link TestGateway} makes it, for each test a new one. */
@ExtendWith(EalExtension.class)
abstract class GatewayFixture {

    TestGateway gateway;

    @BeforeEach
    void openGateway() {
        gateway = new TestGateway(TestGateway.CONFIG, workers());
    }

    int workers() {
        return TestGateway.WORKERS;
    }

    @AfterEach
    void closeGateway() {
        gateway.close();
    }
}
