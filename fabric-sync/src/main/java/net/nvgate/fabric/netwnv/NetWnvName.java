package net.nvgate.fabric.netwnv;

/** A value of an enumeration of NetWNV. */
public interface NetWnvName {

    /** As cmdlets show and take it, e.g. {@code TranslationMethodEncap}. */
    String text();

    /** As the CIM class has it. Not documented by Microsoft: see where it is used. */
    int number();
}
