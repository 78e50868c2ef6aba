package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.nvgate.fabric.manager.FabricException.Code;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What use cases are refused with. */
final class Refusals {

    private Refusals() {}

    /** @param field empty for a refusal that names none */
    static FabricException refused(Code code, String field, ThrowingCallable call) {
        FabricException[] caught = new FabricException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.field().orElse("")).as(e.getMessage()).isEqualTo(field);
            caught[0] = e;
        });
        return caught[0];
    }
}
