package net.nvgate.fabric.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, ahead of it or behind; or one that stands still until it is moved. */
public final class MovableClock extends Clock {

    private final InstantSource base;
    private volatile Duration ahead = Duration.ZERO;

    public MovableClock() {
        this(InstantSource.system());
    }

    private MovableClock(InstantSource base) {
        this.base = base;
    }

    /** At noon of a day. */
    public static MovableClock still() {
        return new MovableClock(InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z")));
    }

    public void jump(Duration by) {
        ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
    }
}
