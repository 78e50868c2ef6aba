package net.nvgate.fabric.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;

/** What fails after the decision does not take it back. */
class EtcdAfterwardsTest {

    private static void fail() {
        throw new StoreUnavailableException("cannot read the log", null);
    }

    @Test
    void aBatchThatIsInTheLogIsCommittedThoughWhatFollowsCannotBeRead() {
        assertThat(EtcdWriter.settled(true, EtcdAfterwardsTest::fail)).isTrue();
        assertThatThrownBy(() -> EtcdWriter.settled(false, EtcdAfterwardsTest::fail))
                .isInstanceOf(StoreException.class);
        assertThat(EtcdWriter.settled(false, () -> {})).isFalse();
    }

    @Test
    void aRestoredStoreIsInForceThoughTheOldKeysCannotBeDeleted() {
        List<String> done = new ArrayList<>();
        EtcdRestore.tidy(EtcdAfterwardsTest::fail, () -> done.add("fenced"));
        assertThat(done).containsExactly("fenced");
        EtcdRestore.tidy(() -> done.add("deleted"), EtcdAfterwardsTest::fail);
        assertThat(done).containsExactly("fenced", "deleted");
    }
}
