package net.nvgate.gateway.route;

/** Blocks of any size that readers may still hold when the writer has replaced them. */
final class Blocks implements Reclaimer.Owner {

    private final TableSpace space;
    private final Reclaimer reclaimer;

    Blocks(TableSpace space, Reclaimer reclaimer) {
        this.space = space;
        this.reclaimer = reclaimer;
    }

    /** Zeroed. */
    long allocate(long bytes) {
        return space.allocate(bytes);
    }

    /** The block is unlinked; its memory comes back when no worker can hold it. */
    void retire(long address, long bytes) {
        reclaimer.retire(this, address, bytes);
    }

    @Override
    public void reclaim(long address, long size) {
        space.release(address, size);
    }
}
