/** Objects of the fabric and their rules: pure records, validated at construction. Depends on nothing but the JSON library. */
@NullMarked
package net.nvgate.fabric.model;

import org.jspecify.annotations.NullMarked;
