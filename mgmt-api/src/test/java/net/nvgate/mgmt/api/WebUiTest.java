package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers get of the web UI's files. */
class WebUiTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "gzip, deflate, br, zstd | true",
                "br;q=1.0, GZIP;q=0.8 | true",
                "gzip;q=0 | false",
                "gzip; q=0.00, deflate | false",
                "deflate | false",
                "identity | false",
                "xgzip | false"
            })
    void compressesForWhoTakesIt(String accepted, boolean taken) {
        assertThat(WebUi.takesGzip(accepted)).isEqualTo(taken);
    }

    @Test
    void sendsPlainFilesToWhoSaysNothing() {
        assertThat(WebUi.takesGzip(null)).isFalse();
    }

    @Test
    void compressesWhatGetsSmaller() throws IOException {
        byte[] text = "export const words = 1;\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        WebUi.Asset script = WebUi.Asset.of("/assets/a-1.js", text);
        byte[] compressed = script.compressed().orElseThrow().getBytes();
        assertThat(compressed).hasSizeLessThan(text.length / 10);
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(text);
        }
        assertThat(script.immutable()).isTrue();

        byte[] font = new byte[10_000];
        new Random(1).nextBytes(font);
        assertThat(WebUi.Asset.of("/assets/a-1.woff2", font).compressed()).isEmpty();
    }
}
