package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The documentation as a browser finds it at a running manager: from {@code /docs/} on, every link is followed. What is in the
 * repository, but not in the jar or at another place there, is dead here and nowhere else.
 */
class DocsCrawlTest extends ManagerTestBase {

    private static final String START = "/docs/";

    private static final Pattern TARGET = Pattern.compile("\\s(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\sid=\"([^\"]*)\"");

    /**
     * What was answered.
     *
     * @param ids places in the page
     * @param targets of its links, absolute
     */
    private record Answer(int status, String type, Set<String> ids, List<URI> targets) {

        boolean isPage() {
            return type.startsWith("text/html");
        }
    }

    private static final Map<String, Answer> ANSWERS = new LinkedHashMap<>();

    /** Paths, and the pages that link to them. */
    private static final Map<String, Set<String>> LINKED_FROM = new HashMap<>();

    @BeforeAll
    static void crawl() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            ArrayDeque<String> open = new ArrayDeque<>(List.of(START));
            while (!open.isEmpty()) {
                String path = open.removeFirst();
                if (ANSWERS.containsKey(path)) {
                    continue;
                }
                Answer answer = ask(http, path);
                ANSWERS.put(path, answer);
                for (URI target : answer.targets()) {
                    if (target.getPath().startsWith(START)) {
                        LINKED_FROM
                                .computeIfAbsent(target.getPath(), _ -> new TreeSet<>())
                                .add(path);
                        open.addLast(target.getPath());
                    }
                }
            }
        }
    }

    private static Answer ask(HttpClient http, String path) throws IOException, InterruptedException {
        URI address = api.uri(path);
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("");
        boolean page = response.statusCode() == 200 && type.startsWith("text/html");
        String body = page ? response.body() : "";
        List<URI> targets = new ArrayList<>();
        all(TARGET, body, target -> {
            URI resolved = address.resolve(target.replace("&amp;", "&"));
            if (Objects.equals(resolved.getAuthority(), address.getAuthority())) {
                targets.add(resolved);
            }
        });
        Set<String> ids = new HashSet<>();
        all(ID, body, ids::add);
        return new Answer(response.statusCode(), type, ids, targets);
    }

    private static void all(Pattern pattern, String text, Consumer<String> each) {
        pattern.matcher(text).results().map(match -> match.group(1)).forEach(each);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        Set<String> dead = ANSWERS.entrySet().stream()
                .filter(each -> each.getValue().status() != 200)
                .map(each -> each.getKey() + " from " + LINKED_FROM.get(each.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(dead).isEmpty();
        assertThat(ANSWERS.values().stream().filter(Answer::isPage)).hasSizeGreaterThan(80);
        assertThat(ANSWERS.keySet()).anyMatch(path -> path.endsWith(".svg")).anyMatch(path -> path.endsWith(".css"));
    }

    @Test
    void everyAnchorIsThere() {
        Set<String> dead = new TreeSet<>();
        int anchors = 0;
        for (Map.Entry<String, Answer> page : ANSWERS.entrySet()) {
            for (URI target : page.getValue().targets()) {
                Answer there = ANSWERS.get(target.getPath());
                if (target.getFragment() != null && there != null) {
                    anchors++;
                    if (!there.ids().contains(target.getFragment())) {
                        dead.add(page.getKey() + " -> " + target.getPath() + "#" + target.getFragment());
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(anchors).isGreaterThan(200);
    }

    /** Pictures, styles and scripts are what they are named. */
    @Test
    void everyFileHasItsType() {
        Map<String, String> types =
                Map.of(".svg", "image/svg+xml", ".css", "text/css", ".js", "text/javascript", ".html", "text/html");
        Set<String> wrong = new TreeSet<>();
        ANSWERS.forEach((path, answer) -> types.forEach((end, type) -> {
            if (path.endsWith(end) && !answer.type().startsWith(type)) {
                wrong.add(path + " is " + answer.type());
            }
        }));
        assertThat(wrong).isEmpty();
    }

    /** Besides itself, its neighbours in the navigation included. */
    @Test
    void everyPageOfTheJarIsLinkedTo() throws Exception {
        Path packed = Path.of(Objects.requireNonNull(DocsCrawlTest.class.getResource("/docs/mgmt-api/docs/README.md"))
                        .toURI())
                .resolve("../../..")
                .normalize();
        Set<String> pages;
        try (Stream<Path> files = Files.walk(packed)) {
            pages = files.map(packed::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".md") && !name.equals("mgmt-api/docs/README.md"))
                    .map(name -> START + name.replaceFirst("\\.md$", ".html"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> alone = pages.stream()
                .filter(page ->
                        LINKED_FROM.getOrDefault(page, Set.of()).stream().allMatch(page::equals))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(alone).isEmpty();
        assertThat(pages).hasSizeGreaterThan(80);
    }

    /** A result of the search leads to a place in a page. */
    @Test
    void everyResultOfTheSearchIsThere() {
        var index = api.sendUnchecked("GET", "/docs/search.json", null).json();
        List<JsonArray> pages =
                index.getJsonArray("pages").stream().map(JsonArray.class::cast).toList();
        Set<String> dead = new TreeSet<>();
        for (Object each : index.getJsonArray("sections")) {
            JsonArray section = (JsonArray) each;
            String path = pages.get(section.getInteger(0)).getString(1);
            Answer page = ANSWERS.get(path);
            if (page == null || !page.ids().contains(section.getString(2))) {
                dead.add(path + "#" + section.getString(2));
            }
        }
        assertThat(dead).isEmpty();
        assertThat(pages).hasSizeGreaterThan(80);
    }
}
