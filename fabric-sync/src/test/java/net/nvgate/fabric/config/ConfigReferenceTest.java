package net.nvgate.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table says what the parser does. */
class ConfigReferenceTest {

    enum Colour {
        RED,
        BLUE
    }

    record Part(int sizeMib, Colour colour) {

        @JsonCreator
        static Part of(
                @Key("how large; [see](/a/b.md)") @Nullable Integer sizeMib,
                @Key("what | it is") @Nullable Colour colour) {
            return new Part(
                    Defaults.range("size-mib", Defaults.required("size-mib", sizeMib), 1, 9),
                    Defaults.or(colour, Colour.BLUE));
        }
    }

    record Whole(int waitSeconds, List<Part> parts, Optional<Part> spare, int kept) {

        @JsonCreator
        static Whole of(
                @Key("how long") @Nullable Integer waitSeconds,
                @Key("some") @Nullable List<Part> parts,
                @Key(value = "one more", or = "none") @Nullable Part spare,
                @Key(value = "for later", or = "`7`") @Nullable Integer keptHours) {
            return new Whole(
                    Defaults.range("wait-seconds", Defaults.or(waitSeconds, 5), 0, 60),
                    Defaults.or(parts, List.of()),
                    Optional.ofNullable(spare),
                    Defaults.range("kept-hours", Defaults.or(keptHours, 7), 1, 24));
        }
    }

    record Wrong(int kept) {

        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
        static Wrong of(@Key(value = "for later", or = "`6`") @Nullable Integer keptHours) {
            return new Wrong(Defaults.range("kept-hours", Defaults.or(keptHours, 7), 1, 24));
        }
    }

    record Unbounded(int count) {

        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
        static Unbounded of(@Key("of all") @Nullable Integer count) {
            return new Unbounded(Defaults.or(count, 7));
        }
    }

    private static final ConfigReference<Whole, Whole> REFERENCE =
            new ConfigReference<>(Whole.class, Function.identity(), "{parts: [{size-mib: 3}], spare: {size-mib: 3}}");

    @Test
    void everyKeyHasARow() {
        assertThat(REFERENCE.keys())
                .containsExactly(
                        "wait-seconds",
                        "parts",
                        "parts[].size-mib",
                        "parts[].colour",
                        "spare",
                        "spare.size-mib",
                        "spare.colour",
                        "kept-hours");
    }

    @Test
    void rowsSayWhatTheParserSays() {
        assertThat(REFERENCE.table("../.."))
                .contains("| `wait-seconds` | integer | `5` | s | 0..60 | how long |\n")
                .contains("| `parts[].size-mib` | integer | required | MiB | 1..9 | how large; [see](../../a/b.md) |\n")
                .contains("| `spare.colour` | word | `blue` |  | `red`, `blue` | what \\| it is |\n")
                .contains("| `spare` | section | none |  |  | one more |\n")
                .contains("| `kept-hours` | integer | `7` | h | 1..24 | for later |\n");
    }

    @Test
    void aDefaultThatIsNotTheParsersIsRefused() {
        ConfigReference<Wrong, Wrong> wrong = new ConfigReference<>(Wrong.class, Function.identity(), "{}");
        assertThatThrownBy(() -> wrong.table("."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kept-hours is not `6`");
    }

    @Test
    void aNumberNeedsBounds() {
        ConfigReference<Unbounded, Unbounded> unbounded =
                new ConfigReference<>(Unbounded.class, Function.identity(), "{}");
        assertThatThrownBy(() -> unbounded.table("."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("count may be any number");
    }
}
