package net.nvgate.fabric.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.model.Kind;
import org.junit.jupiter.api.Test;

class FieldsTest {

    /** Ids of other objects are names in files: a new kind whose references nobody recognises is found here. */
    @Test
    void everyFieldThatNamesAnObjectIsKnown() {
        List<String> unknown = new ArrayList<>();
        for (Kind kind : Kind.ofFabric()) {
            assertThat(Fields.of(kind).byName()).as(kind.label()).containsKey("name");
            collect(kind.label(), Fields.of(kind), unknown);
        }
        assertThat(unknown).isEmpty();
    }

    private static void collect(String path, Fields fields, List<String> unknown) {
        for (Map.Entry<String, Fields.Field> field : fields.byName().entrySet()) {
            String json = field.getValue().json();
            boolean vlan = json.toLowerCase(Locale.ROOT).endsWith("vlanid");
            if (!vlan
                    && (json.endsWith("Id") || json.endsWith("Ids"))
                    && field.getValue().refers().isEmpty()) {
                unknown.add(path + "." + json);
            }
            field.getValue().inner().ifPresent(inner -> collect(path + "." + json, inner, unknown));
        }
    }

    @Test
    void namesSayToWhatTheyRefer() {
        assertThat(Fields.kindOf("vmNetworkGatewayId")).isEqualTo(Optional.of(Kind.VM_NETWORK_GATEWAY));
        assertThat(Fields.kindOf("peerVmNetworkId")).isEqualTo(Optional.of(Kind.VM_NETWORK));
        assertThat(Fields.kindOf("uplinkPortProfileIds")).isEqualTo(Optional.of(Kind.UPLINK_PORT_PROFILE));
        assertThat(Fields.kindOf("paPool6Id")).isEqualTo(Optional.of(Kind.IP_POOL));
        assertThat(Fields.kindOf("rdid")).isEmpty();
        assertThat(Fields.of(Kind.CLOUD).byName().keySet())
                .containsAll(Set.of("hosts", "logicalNetworks", "portClassifications"));
        assertThat(Fields.of(Kind.LOGICAL_SWITCH).byName()).containsKeys("uplinkPortProfiles", "virtualPorts");
    }
}
