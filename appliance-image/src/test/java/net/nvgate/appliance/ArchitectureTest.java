package net.nvgate.appliance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules and packages, as the README draws them. */
@AnalyzeClasses(packages = "net.nvgate", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule fabricKnowsNobodyAboveIt = noClasses()
            .that()
            .resideInAPackage("net.nvgate.fabric..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("net.nvgate.gateway..", "net.nvgate.mgmt..");

    @ArchTest
    static final ArchRule gatewayAndManagementDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("net.nvgate.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.nvgate.mgmt..");

    @ArchTest
    static final ArchRule managementDoesNotKnowTheGateway = noClasses()
            .that()
            .resideInAPackage("net.nvgate.mgmt..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.nvgate.gateway..");

    @ArchTest
    static final ArchRule theModelIsPure = noClasses()
            .that()
            .resideInAPackage("net.nvgate.fabric.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "net.nvgate.fabric.alloc..",
                    "net.nvgate.fabric.store..",
                    "net.nvgate.fabric.manager..",
                    "net.nvgate.fabric.policy..",
                    "net.nvgate.fabric.sync..",
                    "net.nvgate.fabric.ovs..",
                    "java.sql..",
                    "io.netty..");

    @ArchTest
    static final ArchRule followersDoNotReachIntoTheManager = noClasses()
            .that()
            .resideInAnyPackage("net.nvgate.gateway..", "net.nvgate.fabric.ovs..", "net.nvgate.fabric.sync..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("net.nvgate.fabric.store..", "net.nvgate.fabric.manager..");

    @ArchTest
    static final ArchRule packetsAreReadWithoutLibraries = noClasses()
            .that()
            .resideInAnyPackage(
                    "net.nvgate.gateway.packet..",
                    "net.nvgate.gateway.nvgre..",
                    "net.nvgate.gateway.flow..",
                    "net.nvgate.gateway.nat..",
                    "net.nvgate.gateway.worker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.micrometer..", "tools.jackson..", "com.google..", "io.vertx..");

    @ArchTest
    static final ArchRule packagesOfTheDataPathHaveNoCycles =
            slices().matching("net.nvgate.gateway.(*)..").should().beFreeOfCycles();
}
