package net.nvgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.gateway.config.PortConfig;
import net.nvgate.gateway.config.Ports;
import net.nvgate.gateway.config.WorkerSettings;
import net.nvgate.gateway.worker.WorkerConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeveralWorkersTest {

    private static final Ports PLAIN = ports(0);

    private static Ports ports(int rateMbit) {
        return Ports.of(
                PortConfig.of("net_null0", null, null, null, null, null, null, null),
                PortConfig.of("net_null1", null, null, null, null, null, rateMbit, null));
    }

    private static WorkerSettings settings(@Nullable Integer cpu) {
        return WorkerSettings.of(cpu, 4096, null, null, null, null, null, null, null, null, null, null);
    }

    private static List<Integer> cpus(List<WorkerConfig> workers) {
        return workers.stream().map(WorkerConfig::cpu).toList();
    }

    @Test
    void eachHasACpuAndItsPartOfTheSessions() {
        List<WorkerConfig> workers = WorkerSettingsMapping.perWorker(settings(null), 3, List.of(0, 1, 2, 3));
        assertThat(cpus(workers)).containsExactly(3, 2, 1);
        assertThat(workers).extracting(WorkerConfig::sessionsMax).containsOnly(1366);
    }

    @Test
    void theFirstOneRunsWhereItIsTold() {
        assertThat(cpus(WorkerSettingsMapping.perWorker(settings(2), 4, List.of(0, 1, 2, 3))))
                .containsExactly(2, 1, 0, 3);
    }

    @Test
    void oneIsAsEver() {
        assertThat(WorkerSettingsMapping.perWorker(settings(null), 1, List.of(0, 1)))
                .containsExactly(WorkerSettingsMapping.toWorkerConfig(settings(null), List.of(0, 1)));
    }

    @Test
    void moreThanCpusAreRefused() {
        assertThatThrownBy(() -> WorkerSettingsMapping.perWorker(settings(null), 3, List.of(0, 5)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("workers: 3, but this process may use the CPUs [0, 5] only");
    }

    /** Whoever wants several has read what they do differently. */
    @Test
    void byDefaultOne() {
        assertThat(WorkerSettingsMapping.workers(Optional.empty(), PLAIN)).isEqualTo(1);
        assertThat(WorkerSettingsMapping.workers(Optional.of(3), PLAIN)).isEqualTo(3);
    }

    /** Each worker would let the port's rate through for its own tenants. */
    @Test
    void aPortsRateNeedsOneWorker() {
        assertThat(WorkerSettingsMapping.workers(Optional.empty(), ports(100))).isEqualTo(1);
        assertThat(WorkerSettingsMapping.workers(Optional.of(1), ports(100))).isEqualTo(1);
        assertThatThrownBy(() -> WorkerSettingsMapping.workers(Optional.of(2), ports(100)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a port with a rate-mbit needs a single one");
    }
}
