package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.netwnv.RecordSurvey.Entry;

/**
 * VMs as records show them: a NIC for each VSID and MAC, and a VM for the NICs of one name on one host. Records without a VM name go by
 * their context, or by the MAC.
 */
final class NicSurvey {

    /**
     * A NIC.
     *
     * @param fixed static CAs, at most one of a family
     * @param learned the others
     * @param learns it has an L2Only record or learned CAs
     * @param otherRule a record of it that is not NVGRE
     */
    record Nic(
            UUID rdid,
            long vsid,
            MacAddress mac,
            String host,
            IpAddress providerAddress,
            String vmName,
            List<IpAddress> fixed,
            List<IpAddress> learned,
            boolean learns,
            Optional<NetWnvLookupRecord> otherRule) {

        Optional<IpAddress> fixed(int bits) {
            return fixed.stream().filter(address -> address.bits() == bits).findFirst();
        }
    }

    private record Port(long vsid, MacAddress mac) {}

    /** A host and a VM's name; of a NIC without a name, its MAC. */
    record Machine(String host, String name) {}

    private final PaSurvey pas;
    private final Findings findings;
    private final Map<Machine, List<Nic>> vms =
            new TreeMap<>(Comparator.comparing(Machine::name).thenComparing(Machine::host));
    private final Map<String, Map<Long, IpAddress>> paOf = new HashMap<>();

    NicSurvey(PaSurvey pas, DomainSurvey domains, RecordSurvey records, WaySurvey ways, Findings findings) {
        this.pas = pas;
        this.findings = findings;
        for (UUID rdid : domains.domains()) {
            Map<Port, List<Entry>> ports = new LinkedHashMap<>();
            for (Entry entry : records.ports(rdid)) {
                if (!ways.isGateways(entry)) {
                    ports.computeIfAbsent(new Port(entry.vsid(), entry.record().macAddress()), _ -> new ArrayList<>())
                            .add(entry);
                }
            }
            ports.values().forEach(entries -> nic(rdid, entries));
        }
    }

    private void nic(UUID rdid, List<Entry> entries) {
        Entry first = entries.getFirst();
        IpAddress pa = first.record().providerAddress();
        Optional<String> host = pas.hostOf(pa);
        if (host.isEmpty()) {
            entries.forEach(entry -> findings.add(
                    FindingCode.UNKNOWN_PA,
                    entry.record().key(),
                    entry.hosts(),
                    "PA " + entry.record().providerAddress() + " is no host's of those that are read; it is left out"));
            return;
        }
        entries.stream()
                .filter(entry -> !entry.record().providerAddress().equals(pa))
                .forEach(entry -> notHeld(entry, pa));
        IpAddress ofVsid =
                paOf.computeIfAbsent(host.get(), _ -> new TreeMap<>()).computeIfAbsent(first.vsid(), _ -> pa);
        if (!ofVsid.equals(pa)) {
            notHeld(first, ofVsid);
        }
        List<IpAddress> fixed = new ArrayList<>();
        List<IpAddress> learned = new ArrayList<>();
        for (Entry entry : entries) {
            address(entry, fixed, learned);
        }
        boolean l2Only = entries.stream().anyMatch(Entry::isL2Only);
        boolean learns = l2Only || !learned.isEmpty();
        if (learns && !l2Only) {
            added(first, "an L2Only record, as its addresses are learned");
        }
        if (learned.size() > Vm.Nic.LEARNED_MAX) {
            findings.add(
                    FindingCode.TOO_MANY_ADDRESSES,
                    first.record().key(),
                    first.hosts(),
                    "its NIC has " + learned.size() + " learned addresses, at most " + Vm.Nic.LEARNED_MAX
                            + " can be held; the others are left out");
            learned.subList(Vm.Nic.LEARNED_MAX, learned.size()).clear();
        }
        String name = name(entries);
        Nic nic = new Nic(
                rdid,
                first.vsid(),
                first.record().macAddress(),
                host.get(),
                ofVsid,
                name,
                List.copyOf(fixed),
                List.copyOf(learned),
                learns,
                otherRule(entries));
        Machine machine = new Machine(host.get(), name.isEmpty() ? "vm-" + NetWnvText.mac(nic.mac()) : name);
        List<Nic> nics = vms.computeIfAbsent(machine, _ -> new ArrayList<>());
        if (nics.size() == Vm.NICS_MAX) {
            Machine more = new Machine(host.get(), name + "-" + NetWnvText.mac(nic.mac()));
            vms.put(more, new ArrayList<>(List.of(nic)));
            return;
        }
        nics.add(nic);
    }

    private void notHeld(Entry entry, IpAddress pa) {
        findings.add(
                FindingCode.PA_NOT_HELD,
                entry.record().key(),
                entry.hosts(),
                "has PA " + entry.record().providerAddress() + "; here it gets " + pa
                        + ", that of the host's other records of the VSID or NIC");
    }

    private void added(Entry entry, String what) {
        findings.add(FindingCode.ADDED, entry.record().key(), entry.hosts(), "here its NIC has " + what);
    }

    private void address(Entry entry, List<IpAddress> fixed, List<IpAddress> learned) {
        IpAddress ca = entry.customerAddress();
        if (entry.isUnspecified() || entry.isL2Only()) {
            return;
        }
        boolean dynamic = entry.record().type() == NetWnvLookupRecord.Type.DYNAMIC;
        boolean second = fixed.stream().anyMatch(other -> other.bits() == ca.bits());
        if (!dynamic && second) {
            findings.add(
                    FindingCode.HELD_AS_DYNAMIC,
                    entry.record().key(),
                    entry.hosts(),
                    "its NIC has another static address of the family; this one is held as a learned one");
        }
        (dynamic || second ? learned : fixed).add(ca);
    }

    private String name(List<Entry> entries) {
        List<String> names = entries.stream()
                .map(entry -> entry.record().vmName())
                .filter(name -> !name.isBlank())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            names = entries.stream()
                    .map(entry -> entry.record().context())
                    .filter(context -> !context.isBlank())
                    .distinct()
                    .toList();
        }
        String name = names.isEmpty() ? "" : names.getFirst();
        Entry first = entries.getFirst();
        if (!Objects.equals(name, first.record().vmName()) || names.size() > 1) {
            findings.add(
                    FindingCode.TEXT_NOT_HELD,
                    first.record().key(),
                    first.hosts(),
                    "the VM names of its NIC's records are " + names + "; here the VM is called '"
                            + (name.isEmpty()
                                    ? "vm-" + NetWnvText.mac(first.record().macAddress())
                                    : name) + "'");
        }
        return name;
    }

    private Optional<NetWnvLookupRecord> otherRule(List<Entry> entries) {
        Optional<Entry> other = entries.stream()
                .filter(entry -> entry.record().rule() != NetWnvLookupRecord.Rule.TRANSLATION_METHOD_ENCAP)
                .findFirst();
        other.ifPresent(entry -> findings.add(
                FindingCode.RULE_NOT_ENCAP,
                entry.record().key(),
                entry.hosts(),
                "its rule is " + entry.record().rule().text() + "; gateways here reach it by NVGRE, so not at all"));
        return other.map(Entry::record);
    }

    Map<Machine, List<Nic>> vms() {
        return vms;
    }

    Stream<Nic> nics() {
        return vms.values().stream().flatMap(Collection::stream);
    }

    /** The PAs of a host's VSIDs with ports there. */
    Map<Long, IpAddress> providerAddresses(String host) {
        return paOf.getOrDefault(host, Map.of());
    }

    /** Hosts with VMs of a routing domain. */
    SortedSet<String> hosts(UUID rdid) {
        TreeSet<String> hosts = new TreeSet<>();
        nics().filter(nic -> nic.rdid().equals(rdid)).forEach(nic -> hosts.add(nic.host()));
        return hosts;
    }
}
