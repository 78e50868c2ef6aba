package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class IdentitiesHostsTest {

    /** No certificate can name an address with the scope that addresses of interfaces have in the JDK. */
    @Test
    void anAddressOfAnInterfaceHasNoScope() throws Exception {
        byte[] bytes = InetAddress.getByName("2001:db8::5").getAddress();
        Inet6Address scoped = Inet6Address.getByAddress("", bytes, 3);
        assertThat(scoped.getHostAddress()).contains("%");
        assertThat(Identities.text(scoped)).isEqualTo("2001:db8:0:0:0:0:0:5");
        assertThat(Identities.text(InetAddress.getLoopbackAddress())).isEqualTo("127.0.0.1");
    }
}
