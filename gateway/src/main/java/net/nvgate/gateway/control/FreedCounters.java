package net.nvgate.gateway.control;

import java.util.List;
import net.nvgate.gateway.police.Meters;

/** Sets to zero what workers count by an index, before another one gets the index. */
public final class FreedCounters implements FreedIndexes {

    private final List<WorkerThread> workers;

    /** @param workers may grow until policy comes */
    public FreedCounters(List<WorkerThread> workers) {
        this.workers = workers;
    }

    @Override
    public void counters(int index) {
        workers.forEach(worker -> worker.counters().resetVsid(index));
    }

    @Override
    public void tenant(int index) {
        workers.forEach(worker -> both(worker.meters(), worker.meters().tenant(index, 0)));
    }

    @Override
    public void connection(int index) {
        workers.forEach(worker -> both(worker.meters(), worker.meters().connection(index, 0)));
    }

    @Override
    public void aclRule(int slot) {
        workers.forEach(worker -> worker.aclHits().reset(slot));
    }

    @Override
    public void nic(int index) {
        workers.forEach(worker -> both(worker.meters(), worker.meters().nic(index, 0)));
    }

    private static void both(Meters meters, int inbound) {
        meters.reset(inbound + Meters.INBOUND);
        meters.reset(inbound + Meters.OUTBOUND);
    }
}
