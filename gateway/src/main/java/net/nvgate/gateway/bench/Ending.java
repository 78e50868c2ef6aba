package net.nvgate.gateway.bench;

/** Waits for threads that were told to end. */
public final class Ending {

    private Ending() {}

    /** Returns when the thread has ended, whatever happens meanwhile; an interrupt stays for the caller to see. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
