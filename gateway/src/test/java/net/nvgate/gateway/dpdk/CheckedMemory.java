package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The checked build: before anything has loaded {@link Mem}, {@link Mbuf} and {@link Mempool}, it defines them with calls of
 * {@link MemoryGuard} at the beginning of their methods. The classes that production runs are the ones in {@code src/main}, without
 * a flag or a branch for it. JUnit tells it of its session before it looks at any test class, whose methods may name one of the
 * three, so that all tests of the module run checked.
 */
public final class CheckedMemory implements LauncherSessionListener {

    private static final ClassDesc GUARD = ClassDesc.of("net.nvgate.gateway.dpdk.MemoryGuard");
    private static final MethodTypeDesc ACCESS =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final MethodTypeDesc ONE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long);
    private static final MethodTypeDesc MANY =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_int);

    static {
        install();
    }

    /** Nothing more: the class is initialized by now. */
    @Override
    public void launcherSessionOpened(LauncherSession session) {}

    private static void install() {
        define("Mem");
        define("Mbuf");
        define("Mempool");
        MemoryGuard.installed();
    }

    private static void define(String name) {
        try (InputStream in = CheckedMemory.class.getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new IllegalStateException("no class " + name);
            }
            MethodHandles.lookup().defineClass(transform(in.readAllBytes()));
        } catch (IOException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] transform(byte[] bytes) {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(bytes);
        ClassTransform transform = (builder, element) -> {
            Consumer<CodeBuilder> call = element instanceof MethodModel method ? call(model, method) : null;
            if (call == null) {
                builder.with(element);
            } else {
                builder.transformMethod((MethodModel) element, MethodTransform.transformingCode(first(call)));
            }
        };
        return file.transformClass(model, transform);
    }

    private static CodeTransform first(Consumer<CodeBuilder> call) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder builder) {
                call.accept(builder);
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
            }
        };
    }

    private static @Nullable Consumer<CodeBuilder> call(ClassModel model, MethodModel method) {
        String type = model.thisClass().asInternalName();
        String name = method.methodName().stringValue();
        if (type.endsWith("/Mbuf")) {
            return name.equals("reset") ? b -> b.lload(0).invokestatic(GUARD, "allocated", ONE) : null;
        }
        if (type.endsWith("/Mempool")) {
            return name.equals("free") ? b -> b.lload(0).iload(2).invokestatic(GUARD, "freed", MANY) : null;
        }
        return switch (name) {
            case "copy" ->
                b -> b.lload(0)
                        .lload(4)
                        .invokestatic(GUARD, "read", ACCESS)
                        .lload(2)
                        .lload(4)
                        .invokestatic(GUARD, "write", ACCESS);
            case "zero" -> b -> b.lload(0).lload(2).invokestatic(GUARD, "write", ACCESS);
            default -> access(name, method);
        };
    }

    /** u8, u16Be, i64Acquire ...: the name begins with the number of bits; what returns nothing writes. */
    private static @Nullable Consumer<CodeBuilder> access(String name, MethodModel method) {
        if (!name.matches("[ui](8|16|32|64)[A-Za-z]*")) {
            return null;
        }
        long bytes = Integer.parseInt(name.replaceAll("[^0-9]", "")) / 8;
        boolean write = method.methodTypeSymbol().returnType().equals(ConstantDescs.CD_void);
        return b -> b.lload(0).loadConstant(bytes).invokestatic(GUARD, write ? "write" : "read", ACCESS);
    }
}
