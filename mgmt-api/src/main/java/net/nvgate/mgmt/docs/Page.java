package net.nvgate.mgmt.docs;

import java.util.List;
import java.util.stream.Stream;

/**
 * A rendered document.
 *
 * @param path in the repository
 * @param title its first heading
 * @param html without the frame that all pages have
 * @param sections in the order of the page, one for each heading
 */
record Page(String path, String title, String html, List<Section> sections) {

    /**
     * @param level 1 = the title
     * @param heading as text
     * @param text all that is below it, up to the next heading, as text
     * @param links in the same part, to files of the repository or to other parts of this page
     */
    record Section(int level, String heading, String anchor, String text, List<Link> links) {}

    /**
     * @param path in the repository
     * @param anchor empty = the whole file
     * @param text what is to be clicked
     */
    record Link(String path, String anchor, String text) {}

    Stream<Link> links() {
        return sections.stream().flatMap(section -> section.links().stream());
    }
}
