/** What tests of several packages need. */
@NullMarked
package net.nvgate.fabric.testing;

import org.jspecify.annotations.NullMarked;
