package net.nvgate.mgmt.docs;

import java.util.List;

/**
 * The side of every page: what the start page lists under its headings of level 2.
 *
 * @param groups in order
 */
record Navigation(List<Group> groups) {

    record Group(String title, List<Page.Link> pages) {}

    static Navigation of(Page start) {
        return new Navigation(start.sections().stream()
                .filter(section -> section.level() == 2)
                .map(section -> new Group(
                        section.heading(),
                        section.links().stream()
                                .filter(link -> RepositoryPath.isPage(link.path()))
                                .toList()))
                .filter(group -> !group.pages().isEmpty())
                .toList());
    }
}
