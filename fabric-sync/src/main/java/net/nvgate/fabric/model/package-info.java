/** Objects of the fabric and their rules: pure records, validated at construction. Depends on nothing. */
@NullMarked
package net.nvgate.fabric.model;

import org.jspecify.annotations.NullMarked;
