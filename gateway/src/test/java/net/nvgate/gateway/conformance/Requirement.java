package net.nvgate.gateway.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the requirements that a test proves: {@code "RFC 4787 REQ-1"}, {@code "RFC 7637 3.2"}, {@code "nat-behaviour 3"}. On a class it
 * holds for every test of the class. {@code docs/conformance.md} is generated from it; an unknown id fails the build.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Requirement {
    String[] value();
}
