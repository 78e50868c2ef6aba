/** End-to-end tests: the product's own run command, its demo fabric, real packets. */
@NullMarked
package net.nvgate.appliance;

import org.jspecify.annotations.NullMarked;
