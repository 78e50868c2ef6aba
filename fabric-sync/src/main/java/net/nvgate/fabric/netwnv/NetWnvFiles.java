package net.nvgate.fabric.netwnv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads what the {@code Get-NetVirtualization...} cmdlets of hosts showed, from files by {@code ConvertTo-Json} (.json),
 * {@code Export-Csv} (.csv) and {@code Export-Clixml} (.xml, .clixml) in directories and those directly below them. Files with other
 * extensions, and those whose names begin with a dot, are passed over.
 */
public final class NetWnvFiles {

    /** Largest file, bytes. */
    public static final int BYTES_MAX = 256 << 20;

    /** Most files of one import. */
    public static final int FILES_MAX = 5_000;

    /** Most bytes of one import. */
    private static final long TOTAL_BYTES_MAX = 1L << 30;

    private NetWnvFiles() {}

    /**
     * The hosts that directories, or single files, tell of.
     *
     * @throws NetWnvException if a file cannot be read, or what is in it
     */
    public static List<NetWnvSource> read(List<Path> places, EnumNumbers numbers) {
        NetWnvHosts hosts = new NetWnvHosts(numbers);
        long total = 0;
        int count = 0;
        for (Path place : places) {
            String fallback = nameOf(place);
            for (Path file : files(place)) {
                String path = Files.isDirectory(place) ? place.relativize(file).toString() : nameOf(file);
                byte[] bytes = bytes(file);
                total += bytes.length;
                count++;
                if (total > TOTAL_BYTES_MAX || count > FILES_MAX) {
                    throw new NetWnvException(
                            place.toString(),
                            "",
                            "holds more than " + FILES_MAX + " files or " + TOTAL_BYTES_MAX + " bytes");
                }
                hosts.add(document(file.toString(), bytes), path.replace('\\', '/'), fallback);
            }
        }
        return hosts.sources();
    }

    /** One file, in the format that its extension says. */
    static NetWnvDocument document(String file, byte[] bytes) {
        String text = TextDecoder.decode(file, bytes);
        return switch (extension(file)) {
            case "json" -> JsonForm.read(file, text);
            case "csv" -> CsvForm.read(file, text);
            default -> ClixmlForm.read(file, text);
        };
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "host" : name.toString();
    }

    private static String extension(String file) {
        return file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The files that are read, in order of their paths. */
    static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> walk = Files.walk(place, 2)) {
            return walk.filter(NetWnvFiles::isRead).sorted().toList();
        } catch (IOException e) {
            throw new NetWnvException(place.toString(), "", "cannot be read: " + e);
        }
    }

    private static boolean isRead(Path file) {
        boolean known = List.of("json", "csv", "xml", "clixml").contains(extension(file.toString()));
        return known && !nameOf(file).startsWith(".") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new NetWnvException(file.toString(), "", "is larger than " + BYTES_MAX + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new NetWnvException(file.toString(), "", "cannot be read: " + e);
        }
    }

    /** Formats that a host's state is written in. */
    public enum Format {
        JSON("json"),
        CSV("csv"),
        CLIXML("xml");

        private final String extension;

        Format(String extension) {
            this.extension = extension;
        }

        public String extension() {
            return extension;
        }
    }

    /**
     * A host's state as its cmdlets would write it.
     *
     * @param name e.g. {@code HV1-LookupRecord.csv}; it is read as this host's
     */
    public record Written(String name, String text) {}

    /** One file for each class; in JSON one for all, in the form of {@link NetWnvJson}. */
    public static List<Written> write(NetWnvHost host, Format format) {
        if (format == Format.JSON) {
            return List.of(new Written(host.name() + ".json", NetWnvJson.write(host)));
        }
        List<Written> files = new ArrayList<>();
        for (NetWnvClass<?> type : NetWnvClass.ALL) {
            files.add(new Written(
                    host.name() + "-" + type.shortNoun() + "." + format.extension(),
                    format == Format.CSV ? CsvForm.write(type, host) : ClixmlForm.write(type, host)));
        }
        return files;
    }
}
