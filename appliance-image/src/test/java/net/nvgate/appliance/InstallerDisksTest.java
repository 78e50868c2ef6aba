package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which disk the installer writes: a wrong one is somebody's data. Its functions run as they are, on files and a sysfs made of them. */
class InstallerDisksTest {

    private static final Path DIALOG = Path.of("disk/installer/dialog").toAbsolutePath();
    /** No multiple of a MiB, as disks are. */
    private static final int BYTES = 3 * 1024 * 1024 + 512 * 1024;

    @TempDir
    private Path machine;

    @Test
    void theNumberMeansTheDiskThatWasShownAlthoughAnotherCame() throws IOException {
        disk("sdb", "naa.5000c500a1b2c3d4");
        disk("sdc", "naa.5000c500a1b2c3d5");

        ask("1\n", meanwhile("number", "disks() { printf '%s\\n' $DEV/sdc $DEV/sdb; }"));

        assertThat(chosen()).isEqualTo(dev("sdb") + " " + BYTES + " 7 5000c500a1b2c3d4\n");
    }

    @Test
    void aDiskThatWasExchangedWhileSomebodyTypedIsNotWritten() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        write("sda", 0);
        disk("sdb", "naa.5000c500a1b2c3d5");

        String said = ask("1\nERASE\n2\n", meanwhile("word", "echo naa.6 >$SYS/block/sda/device/wwid"));

        assertThat(said).contains(dev("sda") + " is another disk than the one shown");
        assertThat(chosen()).startsWith(dev("sdb") + " ");
    }

    @Test
    void aSerialNumberOrWwidFindsItsDisk() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        Files.writeString(
                sysfs("sda").resolve("device/vpd_pg80"),
                "\0\u0080\0\u0014        WD-WCC4N1234",
                StandardCharsets.ISO_8859_1);
        disk("vda", "t10.ATA     Some disk   X1 ");
        disk("nvme0n1", "");
        Files.writeString(sysfs("nvme0n1").resolve("wwid"), "eui.0025385b71b00001\n");
        Files.writeString(sysfs("nvme0n1").resolve("device/serial"), "S3Z8NB0K      \n");

        String names = "naa.5000c500a1b2c3d4 0x5000C500A1B2C3D4 wd-wcc4n1234 t10.ATA_Some_disk_X1"
                + " S3Z8NB0K eui.0025385b71b00001 $DEV/disk/by-id/nvme-eui.0025385b71b00001";
        assertThat(dialog("", "for n in " + names + "; do named $n yes | cut -d' ' -f1; done")
                        .output()
                        .lines())
                .containsExactly(
                        dev("sda"), dev("sda"), dev("sda"), dev("vda"), dev("nvme0n1"), dev("nvme0n1"), dev("nvme0n1"));
        assertRefused("5000c500", "yes", "is the serial number or WWID of no disk");
    }

    @Test
    void twoDisksOfOneSerialNumberAreRefused() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        disk("sdb", "naa.5000c500a1b2c3d4");

        assertRefused("naa.5000c500a1b2c3d4", "yes", "is that of several disks");
    }

    @Test
    void aKernelsNameErasesOnlyTheOneDiskThatFits() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        assertThat(named(dev("sda"), "yes").ok()).isTrue();

        disk("sdb", "naa.5000c500a1b2c3d5");
        assertRefused(dev("sda"), "yes", "several fit; nvgate.erase=yes needs a serial number or WWID");
        assertThat(named(dev("sda"), "").ok()).isTrue();

        Files.writeString(sysfs("sdb").resolve("size"), "8\n");
        assertThat(named(dev("sda"), "yes").ok()).isTrue();
        assertRefused(dev("sdb"), "yes", "is too small: 4096 bytes");
    }

    @Test
    void sectorsOf4096BytesAreRefused() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        Files.writeString(sysfs("sda").resolve("queue/logical_block_size"), "4096\n");

        assertRefused("naa.5000c500a1b2c3d4", "yes", dev("sda") + " has sectors of 4096 bytes");
    }

    @Test
    void onlyWhatWasReadAndIsZeroIsEmpty() throws IOException {
        disk("sda", "naa.5000c500a1b2c3d4");
        assertThat(isEmpty("sda")).isTrue();
        for (int at : new int[] {0, BYTES - 1, BYTES - 1024 * 1024}) {
            disk("sda", "naa.5000c500a1b2c3d4");
            write("sda", at);
            assertThat(isEmpty("sda")).as("a byte at %d", at).isFalse();
        }
        Files.delete(machine.resolve("dev/sda"));
        assertThat(isEmpty("sda")).as("cannot be opened").isFalse();
        Files.createDirectory(machine.resolve("dev/sda"));
        assertThat(isEmpty("sda")).as("cannot be read").isFalse();
    }

    /** An empty disk that fits. */
    private void disk(String name, String wwid) throws IOException {
        Path sysfs = sysfs(name);
        Files.createDirectories(sysfs.resolve("device"));
        Files.createDirectories(sysfs.resolve("queue"));
        Files.writeString(sysfs.resolve("ro"), "0\n");
        Files.writeString(sysfs.resolve("size"), BYTES / 512 + "\n");
        Files.writeString(sysfs.resolve("diskseq"), "7\n");
        Files.writeString(sysfs.resolve("queue/logical_block_size"), "512\n");
        Files.writeString(sysfs.resolve("device/wwid"), wwid + "\n");
        Files.createDirectories(machine.resolve("dev"));
        try (RandomAccessFile device = new RandomAccessFile(dev(name), "rw")) {
            device.setLength(0);
            device.setLength(BYTES);
        }
    }

    private void write(String name, int at) throws IOException {
        try (RandomAccessFile device = new RandomAccessFile(dev(name), "rw")) {
            device.seek(at);
            device.write(1);
        }
    }

    private Path sysfs(String name) {
        return machine.resolve("sys/block").resolve(name);
    }

    private String dev(String name) {
        return machine.resolve("dev").resolve(name).toString();
    }

    private String chosen() throws IOException {
        return Files.readString(machine.resolve("chosen"));
    }

    private boolean isEmpty(String name) {
        return dialog("", "is_empty " + dev(name)).ok();
    }

    private Shell.Result named(String answer, String erase) {
        return dialog("", "named " + answer + " '" + erase + "'");
    }

    private void assertRefused(String answer, String erase, String why) {
        Shell.Result said = named(answer, erase);
        assertThat(said.ok()).isFalse();
        assertThat(said.output()).contains(why);
    }

    /** What is on the screen, with answers typed; without another answer that is the end. */
    private String ask(String typed, String meanwhile) {
        return dialog(typed, "sleep() { exit 9; }; " + meanwhile + "; ask").output();
    }

    /** What happens while somebody types what the installer reads into a variable. */
    private static String meanwhile(String variable, String happens) {
        return "read() { command read \"$@\"; case $* in *" + variable + ") " + happens + " ;; esac; }";
    }

    private Shell.Result dialog(String input, String commands) {
        return Shell.run(
                Demo.SHORT,
                input,
                List.of(
                        "env",
                        "NVGATE_SYS=" + machine.resolve("sys"),
                        "NVGATE_DEV=" + machine.resolve("dev"),
                        "NVGATE_RUN=" + machine,
                        "MEDIUM=sr0",
                        "BYTES=" + 2 * 1024 * 1024,
                        "VERSION=1",
                        "sh",
                        "-c",
                        ". " + DIALOG + "; is_block() { [ -e \"$1\" ]; }; " + commands));
    }
}
