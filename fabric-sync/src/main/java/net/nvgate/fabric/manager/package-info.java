/** Use cases of the fabric: each is one transaction that checks every invariant of the model. */
@NullMarked
package net.nvgate.fabric.manager;

import org.jspecify.annotations.NullMarked;
