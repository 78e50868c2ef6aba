/** Requests made up from the contract, right ones and wrong ones, and whether the answers are what it says. */
@NullMarked
package net.nvgate.mgmt.fuzz;

import org.jspecify.annotations.NullMarked;
