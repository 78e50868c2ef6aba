/** How every process reads its configuration: one YAML file, kebab-case keys, errors that name file, line and key. */
@NullMarked
package net.nvgate.fabric.config;

import org.jspecify.annotations.NullMarked;
