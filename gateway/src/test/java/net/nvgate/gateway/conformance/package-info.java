/**
 * Which requirement is proved by which test: the list of requirements is data ({@code src/test/resources/conformance}), tests name
 * what they prove by {@link net.nvgate.gateway.conformance.Requirement}, and {@code docs/conformance.md} is made of both.
 */
@NullMarked
package net.nvgate.gateway.conformance;

import org.jspecify.annotations.NullMarked;
