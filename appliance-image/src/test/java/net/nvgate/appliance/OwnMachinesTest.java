package net.nvgate.appliance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A class of tests that start what they need by themselves: one class at a time, beside those of the {@linkplain DemoTest demo}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(OwnMachinesTest.LANE)
@interface OwnMachinesTest {

    String LANE = "own machines";
}
