package net.nvgate.mgmt.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The fenced blocks of the repository's documents. */
public final class DocsBlocks {

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\S*)\\s*(.*)");
    private static final Pattern FILE = Pattern.compile("# ([a-z-]+\\.yaml)");

    /** Before a block that {@code ReadmeTest} runs, with those before it. */
    private static final String TOUR = "<!-- tour -->";

    private DocsBlocks() {}

    /**
     * @param page path in the repository
     * @param line of the fence, from 1
     * @param language what stands behind the fence, up to a space; may be empty
     * @param note the rest: {@code not run: REASON}, or empty
     * @param tour part of the tour, which {@code ReadmeTest} runs
     */
    public record Block(String page, int line, String language, String note, boolean tour, String text) {

        public boolean isRun() {
            return language.equals("sh") && note.isEmpty() && !tour;
        }

        /** The file that a block of YAML is, if its first line says so. */
        public Optional<String> file() {
            return FILE.matcher(text)
                    .results()
                    .findFirst()
                    .filter(m -> m.start() == 0)
                    .map(m -> m.group(1));
        }
    }

    /** Of all documents, in the order of their paths. */
    public static List<Block> all() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (String page : new TreeSet<>(DocsSiteTest.documents())) {
            blocks.addAll(of(page, Files.readString(DocsSiteTest.REPOSITORY.resolve(page), StandardCharsets.UTF_8)));
        }
        return blocks;
    }

    private static List<Block> of(String page, String markdown) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int begin = i + 1;
                int end = begin;
                while (!lines.get(end).strip().equals("```")) {
                    end++;
                }
                String text = String.join("\n", lines.subList(begin, end)) + "\n";
                boolean tour = i > 0 && lines.get(i - 1).equals(TOUR);
                blocks.add(new Block(page, begin, fence.group(1), fence.group(2).strip(), tour, text));
                i = end;
            }
        }
        return blocks;
    }

    /** Where the repository is. */
    public static Path repository() {
        return DocsSiteTest.REPOSITORY;
    }
}
