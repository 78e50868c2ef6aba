package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.VmNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, fields and prefixes that a request cannot have. */
class RequestTextTest extends SqliteFabric {

    /** U+202E turns the direction, U+200B has no width, U+2066 isolates, U+FEFF is a byte order mark, U+2028 ends a line. */
    @ParameterizedTest
    @ValueSource(strings = {"web\u202e1", "we\u200bb", "\u2066web", "web\ufeff1", "web\u20281"})
    void namesShowAllThatIsInThem(String name) {
        assertThatThrownBy(() -> fabric.make(Kind.HOST_GROUP, named(name)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("U+");
        FabricObject plain = fabric.make(Kind.HOST_GROUP, named("plain"));
        refused(Code.INVALID, "name", () -> fabric.patch(plain, named(name)));
    }

    @Test
    void namesThatLookTheSameAreTheSame() {
        FabricObject composed = fabric.make(Kind.HOST_GROUP, named("caf\u00e9"));
        refused(Code.CONFLICT, "name", () -> fabric.make(Kind.HOST_GROUP, named("cafe\u0301")));
        assertThat(fabric.manager.list(Kind.HOST_GROUP, "cafe\u0301")).containsExactly(composed);
        assertThat(fabric.patch(composed, named("cafe\u0301")).name()).isEqualTo("cafe\u0301");
    }

    @Test
    void noFieldIsSaidTwice() {
        assertThatThrownBy(() -> FabricJson.read("{\"name\":\"a\",\"name\":\"b\"}", FabricSpec.type(Kind.HOST_GROUP)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> Patch.read("{\"labels\":{\"a\":\"1\",\"a\":\"2\"}}"))
                .isInstanceOf(ModelException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.0/8",
                "127.1.0.0/16",
                "169.254.3.0/24",
                "224.0.0.0/8",
                "240.0.0.0/24",
                "0.1.0.0/16",
                "96.0.0.0/3",
                "fe80::/64",
                "::ffff:192.168.1.0/120",
                "::/120",
                "ff02::/64"
            })
    void tenantsHaveNoSpecialPrefixes(String prefix) {
        VmNetwork blue = fabric.vmNetwork("blue");
        assertThatThrownBy(() -> fabric.vmSubnet("web", blue, prefix))
                .isInstanceOfSatisfying(
                        FabricException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
        assertThatThrownBy(() -> fabric.attach(
                        "blue", blue, fabric.gateway("g", 5), TestFabric.field("routingSubnet", "127.0.0.0/29")))
                .isInstanceOf(FabricException.class)
                .hasMessageContaining("loopback");
    }
}
