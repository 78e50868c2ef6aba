package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    /** Requests of somebody who has not said who he is, all at the same time. */
    private final RateLimits limits = new RateLimits(2, () -> 1);

    private @Nullable Object last;

    private static <T> T of(Class<T> type, java.util.function.BiFunction<String, Object[], @Nullable Object> says) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> says.apply(method.getName(), arguments == null ? new Object[0] : arguments)));
    }

    /** False if it is refused. */
    private boolean asks(String address) {
        HttpServerRequest request = of(
                HttpServerRequest.class,
                (name, _) ->
                        name.equals("remoteAddress") ? SocketAddress.inetSocketAddress(1, address) : "/api/v1/vms");
        HttpServerResponse response = of(HttpServerResponse.class, (_, _) -> null);
        limits.handle(of(RoutingContext.class, (name, arguments) -> switch (name) {
            case "request" -> request;
            case "response" -> response;
            case "next", "fail" -> {
                last = arguments.length == 0 ? name : arguments[0];
                yield null;
            }
            default -> null;
        }));
        return "next".equals(last);
    }

    @Test
    void allAddressesOfANetworkAreOneStranger() {
        assertThat(asks("2001:db8:0:1::1")).isTrue();
        assertThat(asks("2001:db8:0:1:ffff::2")).isTrue();
        assertThat(asks("2001:db8:0:1::3")).isFalse();
        assertThat(asks("2001:db8:0:2::3")).isTrue();
        assertThat(asks("192.0.2.1")).isTrue();
        assertThat(asks("192.0.2.2")).isTrue();
        assertThat(asks("192.0.2.1")).isTrue();
        assertThat(asks("192.0.2.1")).isFalse();
    }
}
