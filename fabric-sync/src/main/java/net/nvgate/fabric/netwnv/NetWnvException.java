package net.nvgate.fabric.netwnv;

/** A file is not what a cmdlet of NetWNV writes. The message names file, place in it and field, as far as there is one. */
public final class NetWnvException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * @param file as the user knows it
     * @param place in the file, e.g. {@code line 7} or {@code record 3}; empty = the whole of it
     */
    public NetWnvException(String file, String place, String message) {
        super(file + (place.isEmpty() ? "" : ", " + place) + ": " + message);
        this.file = file;
    }

    public String file() {
        return file;
    }
}
