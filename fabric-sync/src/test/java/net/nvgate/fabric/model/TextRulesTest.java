package net.nvgate.fabric.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.store.Origin;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that has no form in UTF-8 would come back from the store as something else. */
class TextRulesTest {

    private static void refused(String field, ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(ModelException.class).hasMessageContaining(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "x\ud83dy", "\udc00\ud800", "\ud83d\ude00\ud83d"})
    void halvesOfSurrogatePairsAreRefusedInAllText(String text) {
        refused("name", () -> new LogicalNetwork(Meta.of(UUID.randomUUID(), text, ""), true));
        refused("description", () -> new LogicalNetwork(Meta.of(UUID.randomUUID(), "n", text), true));
        refused("labels.env", () -> Labels.checked("vm", Map.of("env", text)));
        refused("allocatedTo.text", () -> new AllocatedTo(AllocatedTo.Type.OTHER, text));
        refused(
                "owner",
                () -> new Subscription(
                        Meta.of(UUID.randomUUID(), "s", ""),
                        UUID.randomUUID(),
                        text,
                        Subscription.State.ACTIVE,
                        List.of()));
        refused(
                "coAdmins",
                () -> new Subscription(
                        Meta.of(UUID.randomUUID(), "s", ""),
                        UUID.randomUUID(),
                        "alice",
                        Subscription.State.ACTIVE,
                        List.of(text)));
        refused("adapters", () -> new HostSwitch(UUID.randomUUID(), UUID.randomUUID(), List.of(text)));
        assertThatThrownBy(() -> Origin.SYSTEM.withComment(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d\ude00", "f\u00fcnf \ud83d\ude00"})
    void wholePairsAreText(String text) {
        assertThat(new LogicalNetwork(Meta.of(UUID.randomUUID(), text, text), true).name())
                .isEqualTo(text);
        assertThat(Labels.checked("vm", Map.of("env", text))).containsEntry("env", text);
        assertThat(Origin.SYSTEM.withComment(text).comment()).isEqualTo(text);
    }
}
