@NullMarked
package net.nvgate.fabric.identity;

import org.jspecify.annotations.NullMarked;
