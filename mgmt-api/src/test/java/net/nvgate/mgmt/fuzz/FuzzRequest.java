package net.nvgate.mgmt.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request as it goes out.
 *
 * @param target path and query, escaped
 * @param body null for none
 * @param allowed statuses it may be answered with; empty for any that the contract has
 */
public record FuzzRequest(
        FuzzContract.Operation operation,
        FuzzCase made,
        String method,
        String target,
        Map<String, String> headers,
        @org.jspecify.annotations.Nullable Bytes body,
        Set<Integer> allowed) {

    /** A body. */
    public record Bytes(List<Byte> content) {

        static Bytes of(byte[] bytes) {
            List<Byte> content = new java.util.ArrayList<>(bytes.length);
            for (byte b : bytes) {
                content.add(b);
            }
            return new Bytes(content);
        }

        /** Without what stands for lone surrogates: these become escapes. */
        static Bytes of(String json) {
            return of(json.replace("<high>", "\\ud800")
                    .replace("<low>", "x\\udfff")
                    .getBytes(StandardCharsets.UTF_8));
        }

        public byte[] toArray() {
            byte[] bytes = new byte[content.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = content.get(i);
            }
            return bytes;
        }

        @Override
        public String toString() {
            String text = new String(toArray(), StandardCharsets.UTF_8);
            return text.length() > 2000 ? text.substring(0, 2000) + "..." : text;
        }
    }

    @Override
    public String toString() {
        return operation.id() + " " + made + ": " + method + " " + target + " " + headers + " " + body;
    }
}
