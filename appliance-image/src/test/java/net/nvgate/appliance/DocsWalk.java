package net.nvgate.appliance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Goes through the documentation of a manager as a reader does: from page to page, and by search. */
final class DocsWalk {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final int PAGES_MIN = 40;

    /** What somebody looks for, and on which page he has to find it. */
    private static final Map<String, String> SEARCHES = Map.of(
            "port forward", "publish-a-web-server",
            "drain", "drain",
            "pcapng", "find-a-vanished-packet",
            "idempotency", "api");

    private final String manager;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, HttpResponse<String>> read = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    DocsWalk(String manager) {
        this.manager = manager;
    }

    /** Reads it all; empty if all is well. */
    List<String> problems() {
        ArrayDeque<String> open = new ArrayDeque<>(List.of("/docs/"));
        Map<String, String> anchors = new LinkedHashMap<>();
        int pages = 0;
        while (!open.isEmpty()) {
            String path = open.removeFirst();
            if (read.containsKey(path)) {
                continue;
            }
            HttpResponse<String> response = get(path);
            read.put(path, response);
            if (response.statusCode() != 200) {
                problems.add(path + ": " + response.statusCode());
                continue;
            }
            if (!response.headers().firstValue("content-type").orElse("").startsWith("text/html")
                    || !path.startsWith("/docs/")) {
                continue;
            }
            pages++;
            if (!response.body().contains("<main") || !response.body().contains("<h1")) {
                problems.add(path + " has no text");
            }
            LINK.matcher(response.body()).results().map(link -> link.group(1)).forEach(link -> {
                URI to = URI.create(manager + path).resolve(link);
                if (!to.toString().startsWith(manager + "/")) {
                    return; // out into the world
                }
                if (to.getFragment() != null) {
                    anchors.put(to.getPath() + "#" + to.getFragment(), path);
                }
                open.addLast(to.getPath());
            });
        }
        if (pages < PAGES_MIN) {
            problems.add("only " + pages + " pages");
        }
        anchors.forEach((anchor, from) -> {
            String[] parts = anchor.split("#", 2);
            HttpResponse<String> page = read.get(parts[0]);
            if (page != null && !page.body().contains("id=\"" + parts[1] + "\"")) {
                problems.add(from + " links to " + anchor + ", which is not there");
            }
        });
        search();
        return problems;
    }

    /** As the page's script does: all words in one section. */
    private void search() {
        JsonNode index = new JsonMapper().readTree(get("/docs/search.json").body());
        SEARCHES.forEach((words, page) -> {
            boolean found = false;
            for (JsonNode section : index.path("sections")) {
                String url = index.path("pages").get(section.get(0).asInt()).get(1).asString();
                String text = (section.get(1).asString() + " " + section.get(3).asString()).toLowerCase(java.util.Locale.ROOT);
                boolean all = List.of(words.split(" ", -1)).stream().allMatch(text::contains);
                found |= all && url.contains(page);
                if (all && !read.containsKey(url)) {
                    problems.add("search for " + words + " leads to " + url + ", which no link does");
                }
            }
            if (!found) {
                problems.add("search for " + words + " does not find " + page);
            }
        });
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(manager + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, e);
        }
    }
}
