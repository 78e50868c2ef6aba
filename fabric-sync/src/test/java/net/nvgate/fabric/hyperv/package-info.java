@NullMarked
package net.nvgate.fabric.hyperv;

import org.jspecify.annotations.NullMarked;
