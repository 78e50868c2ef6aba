package net.nvgate.fabric.file;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.model.Kind;

/**
 * What model and manager say of an object, in the terms of a file: its fields, and names for ids.
 *
 * @param names of ids, as far as they are known
 */
record FileTerms(Function<UUID, Optional<String>> names) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern INDEX = Pattern.compile("\\[.*");

    /** A field in a file, e.g. {@code nics[0].vmSubnet} for {@code nics[0].vmSubnetId}. */
    static String field(Kind kind, String json) {
        StringBuilder path = new StringBuilder();
        Optional<Fields> fields = Optional.of(Fields.of(kind));
        for (String step : json.split("\\.", -1)) {
            String plain = INDEX.matcher(step).replaceFirst("");
            Optional<String> name = fields.flatMap(known -> known.byName().entrySet().stream()
                    .filter(field -> field.getValue().json().equals(plain))
                    .map(field -> field.getKey())
                    .findFirst());
            String shown = name.orElse(plain);
            fields = fields.flatMap(known -> Optional.ofNullable(known.byName().get(shown)))
                    .flatMap(Fields.Field::inner);
            path.append(path.isEmpty() ? "" : ".").append(shown).append(step.substring(plain.length()));
        }
        return path.toString();
    }

    /** Why the fabric refuses an operation. */
    String message(FabricException refusal) {
        String message = String.valueOf(refusal.getMessage());
        Optional<Kind> kind = Kind.ofFabric().stream()
                .filter(each ->
                        message.contains(each.label() + "." + refusal.field().orElse("?")))
                .findFirst();
        String inFields = kind.map(each -> message.replace(
                        each.label() + "." + refusal.field().orElseThrow(),
                        each.label() + "." + field(each, refusal.field().orElseThrow())))
                .orElse(message);
        return withNames(inFields);
    }

    /** Text without ids. */
    String withNames(String text) {
        return ID.matcher(text)
                .replaceAll(id -> Matcher.quoteReplacement(
                        names.apply(UUID.fromString(id.group())).orElse(id.group())))
                .replace("must be the id of ", "must be the name of ");
    }
}
