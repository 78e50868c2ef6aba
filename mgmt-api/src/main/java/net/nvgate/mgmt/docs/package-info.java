/** The documentation as a site: the repository's Markdown, rendered when it is asked for, with navigation and search. */
@NullMarked
package net.nvgate.mgmt.docs;

import org.jspecify.annotations.NullMarked;
