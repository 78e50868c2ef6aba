package net.nvgate.gateway.dpdk;

import java.lang.invoke.MethodHandle;

/** Calls of the control plane: convenience counts, speed does not. Packet code uses invokeExact. */
final class NativeCall {

    private NativeCall() {}

    static int intCall(MethodHandle handle, Object... arguments) {
        return ((Number) call(handle, arguments)).intValue();
    }

    static long longCall(MethodHandle handle, Object... arguments) {
        return ((Number) call(handle, arguments)).longValue();
    }

    static void voidCall(MethodHandle handle, Object... arguments) {
        try {
            handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A downcall itself throws nothing; what does come is an error of the JVM or of our argument types. */
    static RuntimeException unexpected(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }
}
