package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One appliance's life, from its first boot on, in QEMU. The steps are a story: each begins where the one before ended.
 * {@code appliance-image/test --boot} builds the images and runs it.
 */
@Timeout(7200)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@OwnMachinesTest
class BootIT {

    private static final Duration PACKET = Duration.ofMinutes(10);
    private static final String SERVER = "198.51.100.7";
    private static final NvgreFrame.Ends ENDS = new NvgreFrame.Ends(
            MacAddress.parse("02:00:00:00:00:09"),
            MacAddress.parse(Vm.PA_MAC),
            IpAddress.parse("10.10.10.9"),
            IpAddress.parse("10.10.10.20"),
            6001,
            MacAddress.parse("00:1d:d8:b7:1c:03"),
            MacAddress.parse("00:1d:d8:b7:1c:09"),
            IpAddress.parse("192.168.1.3"),
            IpAddress.parse(SERVER));
    private static final int IP = 14;
    private static final int UDP = 34;

    @TempDir
    static Path directory;

    private static Path images;
    private static Vm vm;

    @BeforeAll
    static void boot() throws Exception {
        String given = System.getProperty("nvgate.boot.images", "");
        Assumptions.assumeFalse(
                given.isEmpty(),
                "NOT TESTED: building an image and booting it takes longer than the time this run may take; appliance-image/test --boot does it");
        images = Path.of(given);
        Path resources = Path.of("src", "test", "resources", "boot").toAbsolutePath();
        vm = new Vm(
                directory,
                images.resolve("nvgate-0.1.0.qcow2"),
                resources.resolve("user-data"),
                resources.resolve("fabric.yaml"));
        vm.provider.neighbour("10.10.10.9", "02:00:00:00:00:09");
        vm.external.neighbour("203.0.113.1", "02:00:00:00:00:01");
        vm.start();
    }

    @AfterAll
    static void off() throws Exception {
        if (vm != null) {
            vm.close();
        }
    }

    /** A packet of a VM in at one NIC, out at the other with the NAT's address, and the server's answer back into the tunnel. */
    private static void forwards() throws IOException {
        byte[] request = HexFormat.of().parseHex(NvgreFrame.udp(ENDS).hex());
        byte[] out = vm.external.await(
                PACKET,
                "the VM's packet outside",
                Optional.of(() -> {
                    vm.provider.serve();
                    vm.provider.send(request);
                }),
                frame -> frame.limit() > UDP + 8
                        && frame.getShort(12) == 0x0800
                        && frame.getInt(IP + 16) == address(SERVER));
        ByteBuffer seen = ByteBuffer.wrap(out);
        assertThat(seen.getInt(IP + 12)).as("the NAT's address").isEqualTo(address("203.0.113.11"));
        assertThat(seen.getShort(UDP + 2)).isEqualTo((short) 9);

        byte[] reply = reply(out);
        byte[] back = vm.provider.await(
                PACKET,
                "the answer in the tunnel",
                Optional.of(() -> {
                    vm.external.serve();
                    vm.external.send(reply);
                }),
                frame -> frame.limit() > NvgreFrame.INNER_IP + 28
                        && frame.getShort(12) == 0x0800
                        && frame.get(IP + 9) == 47);
        ByteBuffer tunnelled = ByteBuffer.wrap(back);
        assertThat(tunnelled.getInt(NvgreFrame.KEY) >>> 8).as("the VM's VSID").isEqualTo(6000);
        assertThat(tunnelled.getInt(NvgreFrame.INNER_IP + 12)).isEqualTo(address(SERVER));
        assertThat(tunnelled.getInt(NvgreFrame.INNER_IP + 16)).isEqualTo(address("192.168.1.3"));
    }

    private static int address(String text) {
        return ByteBuffer.wrap(IpAddress.parse(text).toBytes()).getInt();
    }

    /** The same packet with both ends exchanged; IPv4's checksum stays right, UDP has none. */
    private static byte[] reply(byte[] request) {
        ByteBuffer in = ByteBuffer.wrap(request);
        ByteBuffer out = ByteBuffer.wrap(request.clone());
        for (int i = 0; i < 6; i++) {
            out.put(i, in.get(6 + i)).put(6 + i, in.get(i));
        }
        out.putInt(IP + 12, in.getInt(IP + 16)).putInt(IP + 16, in.getInt(IP + 12));
        out.putShort(UDP, in.getShort(UDP + 2)).putShort(UDP + 2, in.getShort(UDP));
        return out.array();
    }

    @Test
    @Order(1)
    void theFirstBootEndsInForwardingWithoutAnybodyAtTheConsole() throws Exception {
        assertThat(vm.verdict()).contains("slot=A version=0.1.0 good");
        forwards();
        String ports = vm.ssh("cat /run/nvgate/ports; nvgate-bind-port --list").output();
        assertThat(ports)
                .contains("pa 0000:00:10.0", "ext 0000:00:11.0")
                .containsPattern("0000:00:10.0 \\S+ \\S+ driver=uio_pci_generic");
        assertThat(vm.ssh("systemctl --failed --no-legend --plain").output())
                .as("failed units")
                .isEmpty();
        assertThat(vm.ssh("cat /data/config/answers /etc/nvgate/manager.yaml").output())
                .doesNotContain("correct-horse");
        assertThat(vm.serial()).contains("nvgate 0.1.0", "SSH ", "CA SHA-256");
    }

    @Test
    @Order(2)
    void anUpgradeKeepsFabricAndIdentityAndForwards() throws Exception {
        String before =
                vm.ssh("cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub").output();
        vm.copy(images.resolve("nvgate-0.2.0.raucb"), "/data/update.raucb");
        Shell.Result updated = vm.ssh("nvgate-appliance update /data/update.raucb");
        assertThat(updated.status()).as(updated.output()).isZero();
        vm.ssh("systemctl reboot");
        vm.awaitReboot();

        assertThat(vm.verdict()).contains("slot=B version=0.2.0 good");
        forwards();
        assertThat(vm.ssh("cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub")
                        .output())
                .isEqualTo(before);
    }

    @Test
    @Order(3)
    void anUpdateThatSomebodyAlteredIsRefused() {
        // In place: the state partition has no room for a second one.
        Shell.Result refused =
                vm.ssh("printf XXXX | dd of=/data/update.raucb bs=1 seek=20000000 conv=notrunc status=none; "
                        + "nvgate-appliance update /data/update.raucb");
        assertThat(refused.status()).as(refused.output()).isNotZero();
        assertThat(vm.ssh("rm /data/update.raucb; rauc status").output()).contains("Activated: rootfs.1 (B)");
    }

    @Test
    @Order(4)
    void aVersionThatIsNotGoodGoesBackToTheOneThatWas() throws Exception {
        vm.copy(images.resolve("nvgate-0.3.0.raucb"), "/data/update.raucb");
        vm.ssh("sync"); // the bundle outlives the power cut of the next step
        Shell.Result updated = vm.ssh("nvgate-appliance update /data/update.raucb");
        assertThat(updated.status()).as(updated.output()).isZero();
        vm.ssh("systemctl reboot");
        vm.awaitReboot();
        assertThat(vm.verdict()).contains("slot=A version=0.3.0 NOT good");
        vm.awaitReboot();

        assertThat(vm.verdict()).contains("slot=B version=0.2.0 good");
        forwards();
    }

    /** And the same disk boots by BIOS. */
    @Test
    @Order(5)
    void aPowerCutInTheMiddleOfAnUpdateLeavesTheVersionThatRan() throws Exception {
        String updating = vm.ssh("nohup nvgate-appliance update /data/update.raucb >/run/update.log 2>&1 & n=0; "
                        + "until grep -q \"Copying image to\" /run/update.log || [ $n -gt 1500 ]; do n=$((n + 1)); sleep 0.2; done; "
                        + "pkill -STOP -x rauc; cat /run/update.log")
                .output();
        assertThat(updating).contains("Copying image to").doesNotContain("Installing done");
        vm.cutPower();
        vm.platform(Vm.Platform.BIOS);
        vm.start();

        assertThat(vm.verdict()).contains("slot=B version=0.2.0 good");
        forwards();
        assertThat(vm.ssh("test -d /sys/firmware/efi || echo bios").output()).contains("bios");
    }

    /** And behind an IOMMU the ports go by vfio-pci. */
    @Test
    @Order(6)
    void aPowerCutInTheMiddleOfChangesLosesNoneThatWasConfirmed() throws Exception {
        // Changes one after the other, each told when the manager has confirmed it, until the plug is pulled.
        String api =
                "curl -sfk -b /run/cookie -H \"X-Nvgate-Session: 1\" -H \"Content-Type: application/json\" https://127.0.0.1/api/v1/";
        Shell.Result login = vm.ssh(
                "curl -sSk --fail-with-body -c /run/cookie -H \"Content-Type: application/json\" "
                        + "-d \"{\\\"user\\\":\\\"admin\\\",\\\"password\\\":\\\"correct-horse-battery\\\"}\" https://127.0.0.1/api/v1/login");
        assertThat(login.status()).as(login.output()).isZero();
        vm.ssh(
                "(i=0; while :; do i=$((i+1)); " + api
                        + "logical-networks -d \"{\\\"name\\\":\\\"cut-$i\\\"}\" >/dev/null && echo confirmed-$i >/dev/ttyS0; done) >/dev/null 2>&1 &");
        Shell.await(PACKET, "twenty changes", () -> vm.serial().contains("confirmed-20"));
        vm.cutPower();
        String confirmed = vm.serial();
        vm.platform(Vm.Platform.IOMMU);
        vm.start();

        assertThat(vm.verdict()).contains("slot=B version=0.2.0 good");
        int last = confirmed
                .lines()
                .filter(line -> line.matches(".*confirmed-\\d+\\s*"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*confirmed-(\\d+)\\s*", "$1")))
                .max()
                .orElseThrow();
        vm.ssh(
                "curl -sSk -c /run/cookie -H \"Content-Type: application/json\" "
                        + "-d \"{\\\"user\\\":\\\"admin\\\",\\\"password\\\":\\\"correct-horse-battery\\\"}\" https://127.0.0.1/api/v1/login");
        assertThat(vm.ssh(api + "logical-networks?limit=1000").output()).contains("\"cut-1\"", "\"cut-" + last + "\"");
        forwards();
        assertThat(vm.ssh("nvgate-bind-port --list").output())
                .containsPattern("0000:00:10.0 \\S+ \\S+ driver=vfio-pci")
                .containsPattern("0000:00:11.0 \\S+ \\S+ driver=vfio-pci");
    }
}
