/** Who a manager, gateway or host is: certificates, where they come from, and how they are judged. */
@NullMarked
package net.nvgate.fabric.identity;

import org.jspecify.annotations.NullMarked;
