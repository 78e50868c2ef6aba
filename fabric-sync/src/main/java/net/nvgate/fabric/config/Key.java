package net.nvgate.fabric.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of a configuration file means: on each parameter of what makes a record of a mapping. {@link ConfigFile} takes no
 * record that has a key without it, and {@link ConfigReference} makes the documentation of it.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

    /** For people, Markdown; links begin with {@code /}, the top of the repository. */
    String value();

    /**
     * What holds without the key, where that is no constant that the record has under the key's name. In backticks it is a value,
     * and what the parser makes of it is compared with what it makes of nothing.
     */
    String or() default "";

    /** Empty = none, or what the key's name ends with. */
    String unit() default "";
}
