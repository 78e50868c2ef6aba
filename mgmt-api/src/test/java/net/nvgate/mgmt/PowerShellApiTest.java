package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import net.nvgate.fabric.hyperv.HostScripts;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;

/** Scripts for Hyper-V hosts, by REST and command line. */
class PowerShellApiTest extends ManagerTestBase {

    private static String run(int exitCode, String... args) {
        StringWriter out = new StringWriter();
        assertThat(NvgateMain.run(args, new PrintWriter(out))).isEqualTo(exitCode);
        return out.toString();
    }

    @Test
    void aHostsScriptHasItsPolicy() {
        assertThat(manager.hyperVPort()).isPositive();
        JsonObject network = api.create("logical-networks", "{'name':'hnv','networkVirtualization':true}");
        JsonObject site = api.create(
                "network-sites",
                "{'name':'site','logicalNetworkId':'" + network.getString("id")
                        + "','subnets':[{'prefix':'10.20.0.0/24'}]}");
        JsonObject pool = api.create(
                "ip-pools", "{'name':'pool','networkSiteId':'" + site.getString("id") + "','prefix':'10.20.0.0/24'}");
        String hosts = "'paPoolId':'" + pool.getString("id") + "'}";
        JsonObject hv1 =
                api.create("hosts", "{'name':'hv1','hostType':'HYPER_V','providerAddress':'10.20.0.7'," + hosts);
        JsonObject linux = api.create("hosts", "{'name':'linux1','hostType':'LINUX_OVS'," + hosts);

        api.awaitPolicy();
        String script =
                api.get("/api/v1/hosts/" + hv1.getString("id") + "/powershell").body();
        assertThat(script)
                .contains("\"HostName\":\"hv1\"", "\"ProviderAddress\":\"10.20.0.7\"", "function Sync-NvgateHost");
        api.get("/api/v1/hosts/" + linux.getString("id") + "/powershell").problem(400, "invalid-value");
        assertThat(api.get("/api/v1/powershell/Install-NvgateAgent.ps1").body()).isEqualTo(HostScripts.installer());
        assertThat(api.get("/api/v1/powershell/NvgateAgent.ps1").body()).isEqualTo(HostScripts.agent());

        String url = "http://127.0.0.1:" + manager.httpPort();
        assertThat(run(0, "host-script", "--url", url, "hv1")).isEqualTo(script);
        assertThat(run(0, "host-script", "--url", url, "--installer")).isEqualTo(HostScripts.installer());
        assertThat(run(1, "host-script", "--url", url, "nobody")).isEmpty();
        assertThat(run(1, "host-script", "--url", url)).isEmpty();
    }
}
