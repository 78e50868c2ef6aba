/** The API under load, with a big fabric: {@code docs/load.md} says what is measured and how. */
@org.jspecify.annotations.NullMarked
package net.nvgate.mgmt.bench;
