package net.nvgate.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error names the file, the line and the key. */
class ConfigFileTest {

    enum Colour {
        RED,
        BLUE
    }

    record Inner(
            @Key("a port") @Nullable Integer portNumber,
            @Key("or off") @Nullable Boolean on) {

        Inner {
            Defaults.required("port-number", portNumber);
        }
    }

    record Outer(
            @Key("who") @Nullable String name,
            @Key("what") @Nullable Colour colour,
            @Key("where") @Nullable Path stateDirectory,
            @Key("more") @Nullable List<String> words,
            @Key("of it") @Nullable ManagerEndpoint manager,
            @Key("within") @Nullable Inner inner) {}

    @TempDir
    Path directory;

    private Outer read(String yaml) throws IOException {
        return ConfigFile.read(Files.writeString(directory.resolve("test.yaml"), yaml), Outer.class);
    }

    @Test
    void readsKebabCaseIntoRecords() throws Exception {
        assertThat(read("""
                name: a
                colour: blue
                state-directory: /tmp/x
                words: [one, two]
                manager: {host: fabric.example}
                inner:
                  port-number: 5
                  on: false
                """))
                .isEqualTo(new Outer(
                        "a",
                        Colour.BLUE,
                        Path.of("/tmp/x"),
                        List.of("one", "two"),
                        new ManagerEndpoint("fabric.example", 7250),
                        new Inner(5, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "# only a comment\n", "{}", "---\n"})
    void anEmptyFileLeavesEverythingOut(String yaml) throws Exception {
        assertThat(read(yaml)).isEqualTo(new Outer(null, null, null, null, null, null));
    }

    @Test
    void unknownKeysAreNamedBeforeTheKeysThatAreMissing() {
        refused("name: a\nstate-dir: x\n", 2, "unknown key 'state-dir', expected one of: colour, inner, manager, name");
        refused("name: a\ninner:\n  port: 1\n", 3, "unknown key 'inner.port', expected one of: on, port-number");
        refused("inner: {port-number: 1}\nmanager:\n\n  address: a\n", 4, "unknown key 'manager.address'");
    }

    @Test
    void wrongTypesAreNamed() {
        refused("name: a\ncolour: green\n", 2, "key 'colour'");
        refused("name: [a]\n", 1, "key 'name'");
        refused("name: a\nwords: {a: b}\n", 2, "key 'words'");
        refused("inner:\n  port-number: many\n", 2, "key 'inner.port-number'");
        refused("inner:\n  port-number: 1.5\n", 2, "key 'inner.port-number'");
        refused("inner:\n  port-number: 99999999999\n", 2, "key 'inner.port-number'");
        refused("inner:\n  port-number: 1\n  on: 1\n", 3, "key 'inner.on'");
        refused("name: a\ninner: 5\n", 2, "key 'inner'");
        refused("- a\n- b\n", 1, "must be keys and values");
        refused("name\n", 1, "must be keys and values");
    }

    @Test
    void rulesAreToldWithTheLineOfTheirKey() {
        refused("name: a\ninner:\n  on: true\n", 2, "in 'inner': key 'port-number' is required");
        refused("manager:\n  host: a\n  port: 0\n", 3, "manager.port must be 1..65535, not 0");
        refused("manager:\n  host: ''\n", 2, "manager.host must not be empty");
        refused("manager:\n  endpoints: ['a:x']\n", 2, "manager.endpoints must be host:port, not 'a:x'");
        refused("manager:\n  endpoints: []\n", 2, "manager.endpoints must be 1..16, not 0");
        refused("manager:\n  host: a\n  endpoints: [b]\n", 3, "in the place of manager.host");
    }

    @Test
    void managersMayBeSeveral() throws Exception {
        ManagerEndpoint managers = Objects.requireNonNull(
                read("manager: {endpoints: [a, 'b:7000', '[2001:db8::1]:7001', '2001:db8::2']}\n")
                        .manager());
        assertThat(managers).hasToString("a:7250, b:7000, 2001:db8::1:7001, 2001:db8::2:7250");
        assertThat(managers.host()).isEqualTo("a");
    }

    @Test
    void whatIsNoYamlHasALine() {
        refused("name: a\nname: b\n", 2, "uplicate");
        refused("name: a\ninner: {\n", 2, "expected the node content");
    }

    @Test
    void whatTheProcessMakesOfItMayRefuseToo() throws Exception {
        Path file = Files.writeString(directory.resolve("test.yaml"), "colour: red\nname: b c\n");
        assertThatThrownBy(() -> ConfigFile.read(
                        file, Outer.class, outer -> Defaults.node("name", "host", String.valueOf(outer.name()))))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": line 2: name must be the name of a host object, not 'b c'");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path absent = directory.resolve("absent.yaml");
        assertThatThrownBy(() -> ConfigFile.read(absent, Outer.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot read")
                .hasMessageContaining(absent.toString());
    }

    record Silent(@Nullable String name) {}

    @Test
    void aKeyThatDoesNotSayWhatItMeansIsNotTaken() throws Exception {
        Path file = Files.writeString(directory.resolve("test.yaml"), "name: a\n");
        assertThatThrownBy(() -> ConfigFile.read(file, Silent.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("name has no @Key");
    }

    private void refused(String yaml, int line, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(directory.resolve("test.yaml") + ": line " + line + ": ")
                .hasMessageContaining(message);
    }
}
