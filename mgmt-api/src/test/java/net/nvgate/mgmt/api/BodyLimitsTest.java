package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BodyLimitsTest {

    @Test
    @Timeout(300)
    void whoDoesNotSendTheBodyInTimeIsCutOff() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.route().handler(new BodyLimits(BodyLimits.BATCH_BYTES_MAX, 500));
            router.route()
                    .failureHandler(context -> context.response()
                            .setStatusCode(((ProblemException) context.failure())
                                    .problem()
                                    .code()
                                    .status())
                            .end());
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .await();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
                socket.setSoTimeout(120_000);
                socket.getOutputStream()
                        .write(("POST " + ChangeHandlers.BATCH_PATH
                                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[")
                                .getBytes(StandardCharsets.US_ASCII));
                // To the end of the stream: the connection is closed.
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 408 ").containsIgnoringCase("connection: close");
            }
        } finally {
            vertx.close().await();
        }
    }
}
