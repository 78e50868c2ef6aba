package net.nvgate.mgmt.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;

/**
 * The cookie of a login. Pages cannot read it (HttpOnly), and requests that other sites cause do not carry it (SameSite);
 * with TLS no other host, and nothing on the way, can set or read it ({@code __Host-}, RFC 6265bis section 4.1.3.2).
 */
record SessionCookie(boolean tls) {

    String name() {
        return tls ? "__Host-nvgate" : "nvgate";
    }

    Cookie of(String secret) {
        return Cookie.cookie(name(), secret)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(tls)
                .setSameSite(CookieSameSite.STRICT);
    }

    /** Makes the browser forget it. */
    Cookie gone() {
        return of("").setMaxAge(0);
    }
}
