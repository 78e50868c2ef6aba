/** What each gateway and host must know, and the function that computes it from the model. */
@NullMarked
package net.nvgate.fabric.policy;

import org.jspecify.annotations.NullMarked;
