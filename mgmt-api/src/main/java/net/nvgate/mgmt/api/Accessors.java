package net.nvgate.mgmt.api;

import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Accessors of records as functions, which cost a call: a filter over 100,000 objects makes as many, and reflection ten times as long. */
final class Accessors {

    private static final MethodType FUNCTION = MethodType.methodType(Function.class);
    private static final MethodType APPLY = MethodType.methodType(Object.class, Object.class);

    private Accessors() {}

    /** @param accessor without parameters, accessible */
    static Function<Object, @Nullable Object> of(Method accessor) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle handle = lookup.unreflect(accessor);
            CallSite site = LambdaMetafactory.metafactory(
                    lookup,
                    "apply",
                    FUNCTION,
                    APPLY,
                    handle,
                    MethodType.methodType(
                            handle.type().returnType().isPrimitive()
                                    ? MethodType.methodType(handle.type().returnType())
                                            .wrap()
                                            .returnType()
                                    : handle.type().returnType(),
                            accessor.getDeclaringClass()));
            @SuppressWarnings("unchecked")
            Function<Object, @Nullable Object> made =
                    (Function<Object, @Nullable Object>) site.getTarget().invoke();
            return made;
        } catch (Throwable e) {
            // A class that only its own package may call: by reflection, then.
            return record -> reflect(accessor, record);
        }
    }

    private static @Nullable Object reflect(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(accessor + " of " + record.getClass(), e);
        }
    }
}
