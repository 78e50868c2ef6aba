package net.nvgate.gateway.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.worker.VsidCounter;

/** Counters of tenant interfaces, each of them the same as a virtual subnet's. */
final class InterfaceSamples {

    private InterfaceSamples() {}

    static void read(DataPath path, List<Sample> samples) {
        List<TablePolicy.InterfaceName> interfaces = path.policy().interfaceNames();
        for (TablePolicy.InterfaceName link : interfaces) {
            packets(path, link, "rx", VsidCounter.RX_PACKETS, samples);
            packets(path, link, "tx", VsidCounter.TX_PACKETS, samples);
        }
        for (TablePolicy.InterfaceName link : interfaces) {
            bytes(path, link, "rx", VsidCounter.RX_BYTES, samples);
            bytes(path, link, "tx", VsidCounter.TX_BYTES, samples);
        }
        for (TablePolicy.InterfaceName link : interfaces) {
            samples.add(Sample.counter(
                    "nvgate_tenant_interface_drops",
                    "Packets of a tenant interface dropped for any reason",
                    labels(link),
                    Samples.vsidDrops(path, link.countersIndex())));
        }
    }

    private static void packets(
            DataPath path, TablePolicy.InterfaceName link, String way, VsidCounter counter, List<Sample> samples) {
        samples.add(Sample.counter(
                "nvgate_tenant_interface_packets",
                "IP packets of a tenant interface; rx came in by it",
                directed(link, way),
                Samples.vsid(path, link.countersIndex(), counter)));
    }

    private static void bytes(
            DataPath path, TablePolicy.InterfaceName link, String way, VsidCounter counter, List<Sample> samples) {
        samples.add(Sample.counter(
                "nvgate_tenant_interface_bytes",
                "Bytes of the IP packets of a tenant interface; rx came in by it",
                directed(link, way),
                Samples.vsid(path, link.countersIndex(), counter)));
    }

    private static Map<String, String> directed(TablePolicy.InterfaceName link, String way) {
        Map<String, String> labels = labels(link);
        labels.put("direction", way);
        return labels;
    }

    /** Named like the view of neighbours names it, e.g. {@code ext.101}. */
    private static Map<String, String> labels(TablePolicy.InterfaceName link) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("rdid", link.rdid().toString());
        labels.put("interface", (link.backEnd() ? "pa." : "ext.") + link.vlanId());
        return labels;
    }
}
