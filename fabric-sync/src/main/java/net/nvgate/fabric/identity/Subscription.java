package net.nvgate.fabric.identity;

/** What somebody who listens to changes holds; closed, it hears of none any more. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
