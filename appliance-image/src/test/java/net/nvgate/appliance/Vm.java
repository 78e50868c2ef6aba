package net.nvgate.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The appliance in QEMU: UEFI, a disk over the image, three NICs (management with SSH from here, provider, external), a volume with
 * answers. Emulated, never by KVM: a nested one may be there and not work. When the guest boots again QEMU ends, and the test starts
 * it again, because a warm reset takes minutes under emulation.
 */
final class Vm implements AutoCloseable {

    /** Emulation, on a machine that others use, too: longer than the appliance's own limit of 30 minutes, so that it judges first. */
    static final Duration BOOT = Duration.ofMinutes(45);

    static final String PA_MAC = "52:54:00:00:00:11";
    /** Bytes; the first partition begins at 1 MiB and has 2 (disk/layout.sh). */
    private static final int ESP_OFFSET = 3 << 20;

    /** Every instruction that the emulator knows, without what makes each access to memory dearer in it. */
    private static final String CPU = "max,-la57,-smap,-smep,-umip,-pku,-svm";

    private static final String FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd";

    private final Path directory;
    private final Path key;
    private final int sshPort;
    final Wire provider;
    final Wire external;
    private Platform platform = Platform.UEFI;
    private @Nullable Process qemu;
    private Path serial;
    private int boots;

    Vm(Path directory, Path image, Path answers, Path fabric) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.provider = new Wire();
        this.external = new Wire();
        this.sshPort = freePort();
        this.serial = directory.resolve("serial-0.log");
        this.key = directory.resolve("key");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        run("qemu-img", "convert", "-O", "raw", image.toAbsolutePath().toString(), disk());
        // Emulated timers are too slow for the kernel's own check of them on a busy machine; the time of day is read
        // from the processor, as
        // under a real hypervisor, not from a timer; and there is no speculation to be guarded against.
        Path arguments = directory.resolve("local.cfg");
        Files.writeString(arguments, "# by hand\nset extra=\"no_timer_check tsc=reliable mitigations=off\"\n");
        run("mcopy", "-i", disk() + "@@" + ESP_OFFSET, arguments.toString(), "::/grub/local.cfg");
        Files.copy(Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd"), directory.resolve("vars.fd"));
        Path userData = directory.resolve("user-data");
        Files.writeString(
                userData,
                Files.readString(answers) + "ssh-key: "
                        + Files.readString(directory.resolve("key.pub")).strip() + "\n");
        String seed = seed();
        run("truncate", "-s", "2M", seed);
        run("mkfs.vfat", "-n", "CIDATA", seed);
        run("mcopy", "-i", seed, userData.toString(), fabric.toString(), "::/");
    }

    private static void run(String... command) {
        Shell.output(Duration.ofMinutes(5), command);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String disk() {
        return directory.resolve("disk.raw").toString();
    }

    private String seed() {
        return directory.resolve("seed.img").toString();
    }

    /** What the appliance finds around it. */
    enum Platform {
        UEFI,
        BIOS,
        /** UEFI, and an IOMMU that the NICs are behind. */
        IOMMU
    }

    /** From the next start on. */
    void platform(Platform next) {
        platform = next;
    }

    void start() throws IOException {
        boots++;
        serial = directory.resolve("serial-" + boots + ".log");
        List<String> command = new ArrayList<>(List.of(
                "qemu-system-x86_64",
                "-nodefaults",
                "-display",
                "none",
                "-vga",
                "none",
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                CPU,
                "-M",
                "q35",
                "-smp",
                "2",
                "-m",
                "2048",
                "-no-reboot",
                "-serial",
                "file:" + serial));
        if (platform != Platform.BIOS) {
            drive(command, "if=pflash,format=raw,unit=0,readonly=on,file=" + FIRMWARE);
            drive(command, "if=pflash,format=raw,unit=1,file=" + directory.resolve("vars.fd"));
        }
        if (platform == Platform.IOMMU) {
            device(command, "intel-iommu,intremap=on,device-iotlb=on");
        }
        drive(command, "if=none,id=d0,format=raw,discard=unmap,file=" + disk());
        drive(command, "if=none,id=d1,format=raw,readonly=on,file=" + seed());
        device(command, "virtio-blk-pci,drive=d0,bootindex=1");
        device(command, "virtio-blk-pci,drive=d1,bootindex=9");
        device(command, "virtio-rng-pci");
        nic(command, 0, "user,id=n0,hostfwd=tcp:127.0.0.1:" + sshPort + "-:22", 0xf);
        nic(command, 1, provider.netdev("n1"), 0x10);
        nic(command, 2, external.netdev("n2"), 0x11);
        qemu = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu-" + boots + ".log").toFile())
                .start();
    }

    private static void drive(List<String> command, String drive) {
        command.addAll(List.of("-drive", drive));
    }

    private static void device(List<String> command, String device) {
        command.addAll(List.of("-device", device));
    }

    private void nic(List<String> command, int number, String netdev, int slot) {
        command.addAll(List.of("-netdev", netdev));
        String behind = platform == Platform.IOMMU ? ",iommu_platform=on,ats=on,disable-legacy=on" : "";
        device(
                command,
                "virtio-net-pci,netdev=n" + number + ",mac=52:54:00:00:00:1" + number + ",romfile=,addr=0x"
                        + Integer.toHexString(slot) + behind);
    }

    String serial() {
        try {
            return Files.exists(serial) ? Files.readString(serial, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line by which the health check judges this boot: slot, version, good or not, seconds since the kernel began. */
    String verdict() {
        Shell.await(
                BOOT,
                "a verdict on " + serial,
                () -> serial().contains("nvgate-health: ") || !running().isAlive());
        String all = serial();
        int at = all.indexOf("nvgate-health: ");
        if (at < 0) {
            throw new AssertionError("no verdict; the end of the console: " + end(all));
        }
        return all.substring(at).lines().findFirst().orElseThrow();
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - 3000));
    }

    /** Runs a command as root in the appliance; its output. */
    Shell.Result ssh(String command) {
        return Shell.run(
                BOOT,
                "ssh",
                "-i",
                key.toString(),
                "-p",
                String.valueOf(sshPort),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "ConnectTimeout=120",
                "admin@127.0.0.1",
                "sudo sh -c '" + command + "'");
    }

    /** A file of this machine into the appliance. */
    void copy(Path file, String to) {
        Shell.Result result = Shell.run(
                BOOT,
                "sh",
                "-c",
                "ssh -i " + key + " -p " + sshPort + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                        + "-o LogLevel=ERROR admin@127.0.0.1 'sudo sh -c \"cat >" + to + "\"' <" + file);
        if (!result.ok()) {
            throw new AssertionError("copy of " + file + ": " + result.output());
        }
    }

    /** The appliance boots again by itself: QEMU ends, and is started again. */
    void awaitReboot() throws Exception {
        if (!running().waitFor(BOOT.toMinutes(), TimeUnit.MINUTES)) {
            throw new AssertionError("the appliance did not boot again: " + end(serial()));
        }
        start();
    }

    /** As if somebody pulled the plug: what the guest had not flushed is gone. */
    void cutPower() throws Exception {
        running().destroyForcibly().waitFor();
    }

    private Process running() {
        return Objects.requireNonNull(qemu, "not started");
    }

    @Override
    public void close() throws IOException {
        if (qemu != null) {
            qemu.destroyForcibly();
        }
        provider.close();
        external.close();
    }
}
