package net.nvgate.fabric.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.file.FileOptions;
import net.nvgate.fabric.file.RichFabric;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.ManagerInside;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever kind of object it is: its deletion and every change of it can be undone, and then it is as it was. */
@Timeout(300)
class UndoTest {

    /** {@code <kinds/name>} in values stands for the id of an object. */
    private static final Pattern NAMED = Pattern.compile("<([a-z-]+)/([^>]+)>");

    /** For each field that a patch can change: object, field and other values, one after the other. */
    private static final String OTHER_VALUES = """
            host-groups/oslo/parentId="<host-groups/paris>"
            logical-networks/spare/networkVirtualization=false
            logical-networks/loose/mode="PVLAN" | null
            logical-networks/spare/providerAddressing="PER_HOST_AND_VSID"
            network-sites/hnv-site/subnets=[{"prefix":"10.10.0.0/24","vlanId":10},{"prefix":"fd10::/64","vlanId":10},{"prefix":"10.11.0.0/24","vlanId":11}]
            network-sites/private-site/mtu=9000
            network-sites/hnv-site/hostGroupIds=[]
            ip-pools/pa/rangeStart="10.10.0.9"
            ip-pools/pa/rangeEnd="10.10.0.201"
            ip-pools/pa/reserved=[]
            ip-pools/pa/vips=["10.10.0.190"]
            ip-pools/pa/dnsServers=[]
            ip-pools/pa/dnsSuffix="example.com" | null
            ip-pools/pa/dnsSearchSuffixes=[]
            ip-pools/pa/winsServers=[]
            ip-pools/pa/netbiosOverTcpip=false
            address-grants/shop/allocatedTo={"type":"OTHER"} | null
            address-grants/shop/state="INACTIVE"
            mac-pools/paris-macs/rangeStart="02:00:00:00:00:01"
            mac-pools/paris-macs/rangeEnd="02:00:00:00:00:ff"
            mac-pools/paris-macs/hostGroupIds=[]
            mac-grants/firewall/allocatedTo={"text":"router"}
            mac-grants/firewall/state="ALLOCATED"
            gateways/gw/manufacturer="fabrikam" | null
            gateways/gw/model="virtual" | null
            gateways/gw/draining=true
            hosts/h2/hostGroupId="<host-groups/paris>"
            hosts/h3/maintenance=false
            hosts/h1/switches=[]
            port-profiles/guests/offload={"vmq":false}
            port-profiles/guests/security={"dhcpGuard":false}
            port-profiles/guests/bandwidth={"minimumMbps":20} | null
            uplink-port-profiles/uplink/loadBalancing="HYPER_V_PORT"
            uplink-port-profiles/uplink/teaming="STATIC"
            uplink-port-profiles/uplink/networkSiteIds=["<network-sites/hnv-site>","<network-sites/vsid-site>"]
            uplink-port-profiles/uplink/networkVirtualization=false
            logical-switches/switch/extensions=[]
            logical-switches/switch/uplinkPortProfileIds=["<uplink-port-profiles/uplink>","<uplink-port-profiles/spare>"]
            logical-switches/switch/virtualPorts=[{"portClassificationId":"<port-classifications/tenant>","portProfileId":"<port-profiles/guests>"},{"portClassificationId":"<port-classifications/silver>","portProfileId":"<port-profiles/guests>"}]
            logical-switches/switch/sriov=false
            clouds/cloud/hostGroupIds=[]
            clouds/cloud/hostIds=["<hosts/v1>"]
            clouds/cloud/logicalNetworkIds=[]
            clouds/cloud/portClassificationIds=[]
            clouds/cloud/capacity={"vms":null} | {"vms":1} | null
            plans/bronze/access="INVITE"
            plans/bronze/limits={"vms":1,"ports":null,"inboundKbps":5} | null
            subscriptions/contoso/planId="<plans/gold>"
            subscriptions/contoso/owner="root@contoso.example"
            subscriptions/contoso/state="SUSPENDED"
            subscriptions/contoso/coAdmins=[]
            vm-networks/red/subscriptionId="<subscriptions/contoso>"
            vm-networks/empty/subscriptionId="<subscriptions/fabrikam>" | null
            vm-networks/blue/grantedTo=[]
            vm-subnets/db/dhcp={"domainName":"contoso.example"}
            vm-network-gateways/blue-gw/gatewayId="<gateways/gw-new>"
            vm-network-gateways/red-gw/gatewayId="<gateways/gw-new>"
            vm-network-gateways/blue-gw/quota={"ports":1} | null
            vm-network-gateways/blue-gw/dscpMode="UNIFORM" | null
            vm-network-gateways/blue-gw/dscp=20
            vm-network-gateways/blue-gw/pcp=false
            vm-network-gateways/blue-gw/nat64Prefix="64:ff9b:1::/96" | null
            vm-network-gateways/blue-gw/nptv6Prefixes=[]
            vm-network-gateways/blue-gw/routes=[]
            vm-network-gateways/blue-gw/wildcardRecords="GATEWAY"
            vm-network-gateways/blue-gw/limits={"outboundKbps":5} | {"mode":"POLICE"} | null
            vms/guest/subscriptionId=null
            vms/web1/vcpus=5 | null
            vms/web1/memoryMb=5 | null
            vms/web1/storageGb=5 | null
            vms/web1/customPoints=5 | null
            nat-connections/blue-nat/portMin=1024
            nat-connections/blue-nat/portMax=50000
            nat-connections/blue-nat/sourcePrefixes=[]
            nat-connections/blue-nat/filtering="ADDRESS_DEPENDENT" | null
            nat-connections/blue-nat/timeouts={"udpSeconds":500} | null
            nat-connections/blue-nat/portBlockSize=512 | null
            nat-connections/blue-nat/deterministicPrefixes=["192.168.1.0/27"]
            nat-connections/blue-nat/algs=["FTP"]
            nat-connections/blue-nat/maximumBandwidthInboundKbps=5 | null
            nat-connections/blue-nat/maximumBandwidthOutboundKbps=5 | null
            nat-connections/blue-nat/limitMode="POLICE" | null
            nat-rules/http/internalAddress="192.168.2.10"
            nat-rules/http/internalPort=81
            nat-rules/http/portCount=3
            nat-rules/http/remotePrefixes=[]
            nat-one-to-ones/mail/internalAddress="192.168.1.26"
            nat-exemptions/office/sourcePrefix="192.168.2.0/24"
            nat-exemptions/office/destinationPrefix="10.51.0.0/16"
            tenant-interfaces/leased-line/addresses=[{"address":"172.30.0.1","prefixLength":29},{"address":"172.31.0.1","prefixLength":29}]
            tenant-interfaces/leased-line/urpf="STRICT"
            tenant-interfaces/leased-line/routes=[]
            vm-network-peerings/shared/prefixes=["172.16.1.0/25"]
            vm-network-peerings/shared/peerPrefixes=["172.17.1.0/25"]
            address-sets/offices/prefixes=[]
            port-acls/web-acl/vmSubnetIds=[]
            port-acls/web-acl/vmLabels=["tier=db"]
            port-acls/web-acl/defaultInboundAction="ALLOW"
            port-acls/web-acl/defaultOutboundAction="DENY"
            port-acls/web-acl/rules=[]
            """;

    @TempDir
    private Path directory;

    private FabricStore store;
    private FabricManager manager;
    private PolicyProjection policy;
    private ChangeLog changes;

    @BeforeEach
    void open() throws IOException {
        store = SqliteStore.open(directory);
        manager = new FabricManager(store, new Random(1), new SimpleMeterRegistry());
        policy = new PolicyProjection(store, 1000, new SimpleMeterRegistry());
        changes = new ChangeLog(manager, policy, store);
        new FabricFiles(changes).apply(manager, RichFabric.yaml(), new FileOptions(false, false));
    }

    @AfterEach
    void close() {
        policy.close();
        manager.close();
        store.close();
    }

    /** The whole fabric without what the store stamps. */
    private Map<UUID, FabricObject> everything() {
        return Kind.ofFabric().stream()
                .flatMap(kind -> manager.list(kind).stream())
                .collect(Collectors.toMap(FabricObject::id, UndoTest::unstamped));
    }

    private static FabricObject unstamped(FabricObject object) {
        Meta meta = object.meta();
        return object.withMeta(Meta.of(meta.id(), meta.name(), meta.description(), meta.labels()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatWasDeletedWithAllThatNeededItComesBackAsItWas(Kind kind) {
        Map<UUID, FabricObject> before = everything();
        assertThat(manager.list(kind)).isNotEmpty();
        for (FabricObject object : manager.list(kind)) {
            if (object instanceof IpPool pool && pool.vmSubnetId().isPresent()) {
                continue; // goes with its VM subnet
            }
            long head = store.head();
            manager.run(new ChangeRequest(deletions(object), true));
            assertThat(manager.find(kind, object.id())).isEmpty();
            manager.run(changes.undo(head + 1));
            assertSame(before);
            // The deletion of what came back is as good as that of the original.
            manager.run(changes.undo(head + 2));
            assertThat(manager.find(kind, object.id())).isEmpty();
            manager.run(changes.undo(head + 3));
            assertSame(before);
        }
    }

    static List<Kind> kinds() {
        return Kind.ofFabric();
    }

    private void assertSame(Map<UUID, FabricObject> before) {
        Map<UUID, FabricObject> now = everything();
        assertThat(now.keySet()).isEqualTo(before.keySet());
        before.forEach((id, object) -> assertThat(now.get(id)).isEqualTo(object));
        ManagerInside.assertIndexIsAsFromScratch(manager, store.snapshot());
    }

    /** Of an object and of all that needs it, directly or not. */
    private List<Operation> deletions(FabricObject object) {
        Set<UUID> all = new HashSet<>();
        collect(object.id(), all);
        return Kind.ofFabric().stream()
                .flatMap(kind -> manager.list(kind).stream())
                .filter(each -> all.contains(each.id()))
                .filter(each ->
                        !(each instanceof IpPool pool && pool.vmSubnetId().isPresent()))
                // A PA of a VSID goes with the last VM.
                .filter(each -> each.kind() != Kind.PROVIDER_ADDRESS
                        || ManagerInside.users(manager, each.id()).isEmpty())
                .<Operation>map(each -> new Operation.Delete(each.kind(), each.id()))
                .toList()
                .reversed();
    }

    private void collect(UUID id, Set<UUID> all) {
        if (all.add(id)) {
            ManagerInside.users(manager, id).forEach(user -> collect(user, all));
        }
    }

    @Test
    void everyFieldThatCanBeChangedGetsItsOldValue() {
        Set<String> left = new HashSet<>();
        for (Kind kind : Kind.ofFabric()) {
            for (String field : fields(kind)) {
                if (Patch.isMutable(kind, field)) {
                    left.add(kind.path() + "." + field);
                }
            }
        }
        Map<UUID, FabricObject> before = everything();
        OTHER_VALUES.lines().forEach(line -> {
            String[] place = line.substring(0, line.indexOf('=')).split("/", 3);
            FabricObject object = named(place[0], place[1]);
            for (String value : line.substring(line.indexOf('=') + 1).split(" \\| ", -1)) {
                patchAndUndo(object, "\"" + place[2] + "\":" + withIds(value), before);
            }
            left.remove(place[0] + "." + place[2]);
        });
        assertThat(left).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nameDescriptionAndLabelsGetTheirOldValues(Kind kind) {
        Map<UUID, FabricObject> before = everything();
        patchAndUndo(
                manager.list(kind).getFirst(),
                "\"name\":\"another\",\"description\":\"words\",\"labels\":{\"region\":\"us\",\"rack\":\"7\"}",
                before);
    }

    private void patchAndUndo(FabricObject object, String members, Map<UUID, FabricObject> before) {
        FabricObject patched = manager.patch(object.kind(), object.id(), Patch.read("{" + members + "}"));
        assertThat(unstamped(patched)).as(members).isNotEqualTo(unstamped(object));
        Map<UUID, FabricObject> after = everything();
        manager.run(changes.undo(store.head()));
        assertSame(before);
        manager.run(changes.undo(store.head()));
        assertSame(after);
        manager.run(changes.undo(store.head()));
    }

    @Test
    void whatIsDoneToAVmByOtherMeansIsUndone() {
        Map<UUID, FabricObject> before = everything();
        Vm web = (Vm) named("vms", "web1");
        Vm yellow = (Vm) named("vms", "yellow1");
        UUID front = web.nics().getFirst().id();
        UUID chosen = web.nics().getLast().id();
        for (Operation operation : List.of(
                new Operation.Move(web.id(), named("hosts", "h2").id()),
                new Operation.Move(yellow.id(), named("hosts", "v2").id()),
                new Operation.ChangeMac(web.id(), front, Optional.empty()),
                new Operation.Learn(web.id(), chosen, TestFabric.ip("192.168.2.77")))) {
            manager.run(operation);
            Map<UUID, FabricObject> after = everything();
            assertThat(after).isNotEqualTo(before);
            manager.run(changes.undo(store.head()));
            assertSame(before);
            manager.run(changes.undo(store.head()));
            assertSame(after);
            manager.run(changes.undo(store.head()));
            assertSame(before);
        }
    }

    private static List<String> fields(Kind kind) {
        return Stream.of(kind.type().getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private FabricObject named(String path, String name) {
        return manager.list(Kind.ofPath(path).orElseThrow(), name).getFirst();
    }

    private String withIds(String value) {
        return NAMED.matcher(value)
                .replaceAll(place -> named(place.group(1), place.group(2)).id().toString());
    }
}
