package net.nvgate.fabric.netwnv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text in the encodings that PowerShell writes: UTF-8 with and without byte order mark, and UTF-16 (Windows PowerShell 5.1). */
final class TextDecoder {

    private TextDecoder() {}

    /** @throws NetWnvException if it is text of another encoding */
    static String decode(String file, byte[] bytes) {
        if (starts(bytes, 0xef, 0xbb, 0xbf)) {
            return decode(file, bytes, 3, StandardCharsets.UTF_8);
        }
        if (starts(bytes, 0xff, 0xfe)) {
            return decode(file, bytes, 2, StandardCharsets.UTF_16LE);
        }
        if (starts(bytes, 0xfe, 0xff)) {
            return decode(file, bytes, 2, StandardCharsets.UTF_16BE);
        }
        // These files begin with an ASCII character in any case.
        boolean wide = bytes.length >= 2 && bytes[0] != 0 && bytes[1] == 0;
        return decode(file, bytes, 0, wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    }

    private static boolean starts(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static String decode(String file, byte[] bytes, int from, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NetWnvException(
                    file, "", "is not text in " + charset + ", or is not complete; write it with -Encoding UTF8");
        }
    }
}
