package net.nvgate.fabric.file;

/**
 * @param prune objects that the same file made before, and no longer has, are deleted
 * @param replace objects with differences that cannot be changed are deleted and made again
 */
public record FileOptions(boolean prune, boolean replace) {}
