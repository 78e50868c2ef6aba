package net.nvgate.gateway.nat64;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IcmpTypesTest {

    @ParameterizedTest
    @CsvSource({
        "8,0,128,0", "0,0,129,0", "3,0,1,0", "3,1,1,0", "3,2,4,1", "3,3,1,4", "3,4,2,0", "3,5,1,0", "3,6,1,0",
                "3,7,1,0",
        "3,8,1,0", "3,9,1,1", "3,10,1,1", "3,11,1,0", "3,12,1,0", "3,13,1,1", "3,15,1,1", "11,0,3,0", "11,1,3,1",
                "12,0,4,0",
        "12,2,4,0"
    })
    @Requirement("RFC 7915 4.2")
    void fromV4(int type, int code, int type6, int code6) {
        assertThat(IcmpTypes.toV6(type, code)).isEqualTo(type6 << 8 | code6);
    }

    @ParameterizedTest
    @CsvSource({
        "3,14", "3,16", "12,1", "4,0", "5,1", "9,0", "10,0", "13,0", "14,0", "15,0", "16,0", "17,0", "18,0", "40,0"
    })
    @Requirement("RFC 7915 4.2")
    void withoutCounterpartInV6(int type, int code) {
        assertThat(IcmpTypes.toV6(type, code)).isEqualTo(IcmpTypes.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "128,0,8,0",
        "129,0,0,0",
        "1,0,3,1",
        "1,1,3,10",
        "1,2,3,1",
        "1,3,3,1",
        "1,4,3,3",
        "2,0,3,4",
        "3,0,11,0",
        "3,1,11,1",
        "4,0,12,0",
        "4,1,3,2"
    })
    @Requirement("RFC 7915 5.2")
    void fromV6(int type, int code, int type4, int code4) {
        assertThat(IcmpTypes.toV4(type, code)).isEqualTo(type4 << 8 | code4);
    }

    @ParameterizedTest
    @CsvSource({
        "1,5", "1,6", "4,2", "130,0", "131,0", "132,0", "133,0", "134,0", "135,0", "136,0", "137,0", "100,0", "255,0"
    })
    @Requirement("RFC 7915 5.2")
    void withoutCounterpartInV4(int type, int code) {
        assertThat(IcmpTypes.toV4(type, code)).isEqualTo(IcmpTypes.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0", "1,1", "2,4", "3,4", "4,-1", "5,-1", "6,-1", "7,-1", "8,7", "9,6", "10,-1", "11,-1", "12,8", "15,8",
        "16,24", "19,24", "20,-1", "255,-1"
    })
    @Requirement("RFC 7915 4.2")
    void pointerFromV4(int pointer, int pointer6) {
        assertThat(IcmpTypes.pointerToV6(pointer)).isEqualTo(pointer6);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0", "1,1", "2,-1", "3,-1", "4,2", "5,2", "6,9", "7,8", "8,12", "23,12", "24,16", "39,16", "40,-1", "-1,-1"
    })
    @Requirement("RFC 7915 5.2")
    void pointerFromV6(int pointer, int pointer4) {
        assertThat(IcmpTypes.pointerToV4(pointer)).isEqualTo(pointer4);
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void plateauIsTheNextOneBelow() {
        assertThat(IcmpTypes.plateauBelow(1500)).isEqualTo(1492);
        assertThat(IcmpTypes.plateauBelow(1492)).isEqualTo(1006);
        assertThat(IcmpTypes.plateauBelow(60)).isEqualTo(68);
    }
}
