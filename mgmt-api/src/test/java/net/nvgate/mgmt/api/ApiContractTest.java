package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import org.junit.jupiter.api.Test;

class ApiContractTest {

    @Test
    void isAValidOpenApiDocument() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            OpenAPIContract contract = ApiContract.load().forRouter(vertx).await();
            assertThat(contract.operations()).hasSizeGreaterThan(60);
        } finally {
            vertx.close().await();
        }
    }
}
