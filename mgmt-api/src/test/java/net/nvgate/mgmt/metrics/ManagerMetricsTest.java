package net.nvgate.mgmt.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ManagerMetricsTest {

    private static final int SCRAPERS = 4;
    private static final int SCRAPES = 500;

    /** As two Prometheus servers do that watch one manager. */
    @Test
    @Timeout(120)
    void whoScrapesAtTheSameTimeSeesEachSeriesOnce() throws Exception {
        try (ManagerMetrics metrics = new ManagerMetrics("test");
                ExecutorService threads = Executors.newFixedThreadPool(SCRAPERS)) {
            MultiGauge gauge = MultiGauge.builder("nvgate.test").register(metrics.registry());
            metrics.beforeScrape(() -> gauge.register(List.of(MultiGauge.Row.of(Tags.empty(), 1)), true));
            Callable<Void> scraper = () -> {
                for (int i = 0; i < SCRAPES; i++) {
                    assertThat(metrics.scrape(false).lines().filter(line -> line.startsWith("nvgate_test ")))
                            .containsExactly("nvgate_test 1.0");
                }
                return null;
            };
            List<Callable<Void>> scrapers = new ArrayList<>();
            for (int i = 0; i < SCRAPERS; i++) {
                scrapers.add(scraper);
            }
            for (Future<Void> done : threads.invokeAll(scrapers)) {
                done.get();
            }
        }
    }
}
