package net.nvgate.gateway.control;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.Event;

/** Who else wants to know what the control thread writes to the log. Called by that thread; must not wait. */
public interface EventSink {

    /** Nobody. */
    EventSink NONE = new EventSink() {
        @Override
        public void event(Event event, Optional<IpAddress> inside) {}

        @Override
        public void block(PortBlockEvents.Event block) {}

        @Override
        public void blocksMissing(long count) {}

        @Override
        public void eventsMissing(long count) {}

        @Override
        public boolean ended(KeptEnd end) {
            return true;
        }
    };

    /** @param inside empty if none is known */
    void event(Event event, Optional<IpAddress> inside);

    void block(PortBlockEvents.Event block);

    /** So many blocks were given or taken back that nobody will be told of. */
    void blocksMissing(long count);

    /** So many events were counted that nobody will be told of. */
    void eventsMissing(long count);

    /** Any thread: something of before a restart does not go on; false = there is no room now, it may be told later. */
    boolean ended(KeptEnd end);
}
