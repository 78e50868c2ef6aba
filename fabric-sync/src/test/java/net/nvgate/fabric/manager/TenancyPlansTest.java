package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Capacity;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PlanLimits;
import net.nvgate.fabric.model.Subscription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of clouds, plans and subscriptions. */
class TenancyPlansTest extends SqliteFabric {

    private Cloud cloud;
    private Plan plan;
    private Subscription subscription;

    @BeforeEach
    void make() {
        cloud = (Cloud) fabric.make(Kind.CLOUD, named("cloud"));
        plan = (Plan) fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()));
        subscription = (Subscription) fabric.make(
                Kind.SUBSCRIPTION, named("tenant") + field("planId", plan.id()) + field("owner", "a@tenant.example"));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(cloud.capacity()).isEqualTo(Capacity.MAXIMUM);
        assertThat(cloud.hostIds()).isEmpty();
        assertThat(plan.access()).isEqualTo(Plan.Access.INVITE);
        assertThat(plan.limits()).isEqualTo(PlanLimits.UNLIMITED);
        assertThat(subscription.state()).isEqualTo(Subscription.State.ACTIVE);
        assertThat(subscription.coAdmins()).isEmpty();
    }

    @Test
    void whatTheyNameIsThere() {
        String no = UUID.randomUUID().toString();
        refused(Code.REFERENCE_NOT_FOUND, "hostIds", () -> fabric.patch(cloud, "\"hostIds\":[\"" + no + "\"]"));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "logicalNetworkIds",
                () -> fabric.patch(cloud, "\"logicalNetworkIds\":[\"" + fabric.paPool.id() + "\"]"));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "cloudId",
                () -> fabric.make(Kind.PLAN, named("p") + field("cloudId", plan.id())));
        refused(Code.REFERENCE_NOT_FOUND, "planId", () -> fabric.patch(subscription, "\"planId\":\"" + no + "\""));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.CLOUD, cloud.id()));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.PLAN, plan.id()));
    }

    @Test
    void limitsAreChangedOneByOne() {
        Plan limited = fabric.patch(plan, "\"limits\":{\"vms\":3,\"ports\":1000}");
        Plan less = fabric.patch(limited, "\"limits\":{\"vms\":null,\"natRules\":0}");
        assertThat(less.limits().vms()).isEmpty();
        assertThat(less.limits().natRules()).contains(0L);
        assertThat(less.limits().ports()).contains(1000);
        refused(Code.INVALID, "limits.vms", () -> fabric.patch(plan, "\"limits\":{\"vms\":-1}"));
        refused(Code.INVALID, "limits.ports", () -> fabric.patch(plan, "\"limits\":{\"ports\":0}"));
        refused(Code.INVALID, "capacity.vcpus", () -> fabric.patch(cloud, "\"capacity\":{\"vcpus\":-1}"));
    }

    @Test
    void accountsAreNamed() {
        refused(Code.INVALID, "owner", () -> fabric.patch(subscription, "\"owner\":\" \""));
        refused(Code.INVALID, "coAdmins", () -> fabric.patch(subscription, "\"coAdmins\":[\"b\",\"b\"]"));
        Subscription shared = fabric.patch(subscription, "\"coAdmins\":[\"b@tenant.example\"],\"state\":\"SUSPENDED\"");
        assertThat(shared.coAdmins()).containsExactly("b@tenant.example");
        assertThat(shared.state()).isEqualTo(Subscription.State.SUSPENDED);
    }
}
