/** The fabric as one YAML file: read, compared with the fabric, applied to it, and written from it. */
@NullMarked
package net.nvgate.fabric.file;

import org.jspecify.annotations.NullMarked;
