package net.nvgate.gateway.export;

import java.util.List;
import net.nvgate.gateway.config.CollectorSettings.What;

/** Makes messages of one collector. Used on the export's event loop. */
interface Format {

    /** Records that become one message go there when it is full. */
    interface Full {
        void take(Message message);
    }

    /** Adds an observation as a record; how many records that made, 0 when the format has nothing to say of it. */
    int add(What what, Observation observation, Full full);

    /** Finishes the message that is being made, if there is one. */
    void finish(Full full);

    /** Records in the message that is being made. */
    int pending();

    /** What a collector must know before it understands the rest, in the state of now. */
    List<Message> preamble();

    /** Tells again whom numbers in records stand for, as the preamble does: a message that did may have been lost. */
    void names(Full full);

    /** A connection begins: earlier ones are forgotten. */
    void newSession();

    /** Fills in what is known only when a message is sent. */
    void stamp(Message message, long nowMs);

    /** Tells what was sent and what was lost, as records of their own. */
    void statistics(long messages, long records, long lost, Full full);

    /** Gives back what is held. */
    void close();
}
