package net.nvgate.fabric.netwnv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.netwnv.NetWnvLookupRecord.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PowerShell writes, in its formats, encodings and manners. */
class NetWnvFilesTest {

    @TempDir
    private Path directory;

    private static final NetWnvLookupRecord RECORD = NetWnvLookupRecord.of(
            IpAddress.parse("10.0.0.5"),
            6000,
            MacAddress.parse("101010101105"),
            IpAddress.parse("192.168.1.101"),
            NetWnvLookupRecord.Type.STATIC,
            "BlueS1-VM1");

    private static final String CSV = """
            #TYPE Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/MSFT_NetVirtualizationLookupRecordSettingData
            "Rule","Type","Caption","CustomerAddress","VirtualSubnetID","MACAddress","ProviderAddress","VMName","PSComputerName"
            "TranslationMethodEncap","Static",,"10.0.0.5","6000","10-10-10-10-11-05","192.168.1.101","BlueS1-VM1",
            """;

    private void write(String path, String text) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String path, byte[] bytes) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private List<NetWnvSource> read() {
        return NetWnvFiles.read(List.of(directory), EnumNumbers.REFUSED);
    }

    private NetWnvHost only() {
        assertThat(read()).hasSize(1);
        return read().getFirst().host();
    }

    private static byte[] marked(String text, Charset charset, int... mark) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int each : mark) {
            out.write(each);
        }
        out.writeBytes(text.getBytes(charset));
        return out.toByteArray();
    }

    @Test
    void jsonOfOneObjectWithWhatCimAddsIsARecord() throws IOException {
        write("HV1-LookupRecord.json", """
                {"Caption": null, "CustomerAddress": "10.0.0.5", "VirtualSubnetID": 6000, "MACAddress": "101010101105",
                 "ProviderAddress": "192.168.1.101", "Rule": "TranslationMethodEncap", "Type": "Static", "VMName": "BlueS1-VM1",
                 "CustomerID": "", "InstanceID": "wnv:1", "PSComputerName": null,
                 "CimClass": {"CimSuperClassName": "MSFT_NetSettingData", "CimClassProperties": "Caption Description"},
                 "CimInstanceProperties": ["Caption", "Description"],
                 "CimSystemProperties": {"Namespace": "ROOT/StandardCimv2", "Path": null}}""");
        assertThat(only().name()).isEqualTo("HV1");
        assertThat(only().lookupRecords()).containsExactly(RECORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s]", "[[%s]]", "{\"value\": [%s], \"Count\": 1}", "\ufeff[%s, %s]"})
    void jsonOfSeveralComesInSeveralWrappings(String wrapping) throws IOException {
        String record =
                "{\"CustomerAddress\": \"10.0.0.5\", \"VirtualSubnetID\": 6000, \"MACAddress\": \"10:10:10:10:11:05\","
                        + "\"ProviderAddress\": \"192.168.1.101\", \"Rule\": \"TranslationMethodEncap\", \"VMName\": \"BlueS1-VM1\"}";
        write("HV1.json", wrapping.replace("%s", record));
        assertThat(only().lookupRecords()).containsExactly(RECORD);
    }

    @Test
    void csvWithTypeLineOrAnotherDelimiterIsTheSame() throws IOException {
        write("a/LookupRecord.csv", CSV.replace("\n", "\r\n"));
        write("b/LookupRecord.csv", CSV.substring(CSV.indexOf('\n') + 1).replace(",", ";"));
        assertThat(read()).extracting(source -> source.host().name()).containsExactly("a", "b");
        assertThat(read())
                .allSatisfy(source -> assertThat(source.host().lookupRecords()).containsExactly(RECORD));
    }

    @Test
    void csvValuesMayHoldQuotesDelimitersAndLineEnds() throws IOException {
        write("HV1.csv", CSV.replace("BlueS1-VM1", "the \"\"blue\"\", one\r\nof two"));
        assertThat(only().lookupRecords())
                .extracting(NetWnvLookupRecord::vmName)
                .containsExactly("the \"blue\", one\r\nof two");
    }

    @Test
    void encodingsOfPowerShellAreRead() throws IOException {
        String text = CSV.replace("BlueS1-VM1", "Blå");
        write("a/r.csv", marked(text, StandardCharsets.UTF_8, 0xef, 0xbb, 0xbf));
        write("b/r.csv", marked(text, StandardCharsets.UTF_16LE, 0xff, 0xfe));
        write("c/r.csv", marked(text, StandardCharsets.UTF_16LE));
        write("d/r.csv", marked(text, StandardCharsets.UTF_16BE, 0xfe, 0xff));
        assertThat(read())
                .hasSize(4)
                .allSatisfy(source -> assertThat(
                                source.host().lookupRecords().getFirst().vmName())
                        .isEqualTo("Blå"));
        write("e/r.csv", marked(text, StandardCharsets.ISO_8859_1));
        assertThatThrownBy(this::read)
                .hasMessageEndingWith(
                        "e/r.csv: is not text in UTF-8, or is not complete; write it with -Encoding UTF8");
    }

    /** Three classes of types: an enumeration with its types, the same by reference, and null. */
    @Test
    void clixmlOfCimInstancesIsRead() throws IOException {
        String xml = """
                <Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
                  <Obj RefId="0">
                    <TN RefId="0"><T>Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/X</T><T>System.Object</T></TN>
                    <ToString>MSFT_NetVirtualizationLookupRecordSettingData</ToString>
                    <Props><Nil N="Caption" /><S N="CustomerAddress">10.0.0.5</S><S N="Context">a_x000D__x000A_b &amp; c</S>
                      <S N="MACAddress">101010101105</S><S N="ProviderAddress">192.168.1.101</S><U32 N="VirtualSubnetID">6000</U32>
                      <S N="VMName">BlueS1-VM1</S><B N="UseVmMACAddress">false</B><By N="Rule">1</By></Props>
                    <MS><Obj N="__ClassMetadata" RefId="1"><TN RefId="1"><T>System.Collections.ArrayList</T></TN>
                          <LST><Obj RefId="2"><MS><S N="ClassName">X</S><S N="Namespace">ROOT</S></MS></Obj></LST></Obj>
                        <S N="PSComputerName">HV7</S></MS>
                  </Obj>
                  <Obj RefId="5">
                    <TNRef RefId="0" />
                    <Props><S N="CustomerAddress">::</S><S N="MACAddress">101010101106</S><U32 N="VirtualSubnetID">6000</U32>
                      <S N="ProviderAddress">192.168.1.101</S>
                      <Obj N="Rule" RefId="6"><TN RefId="2"><T>Cmdletization.RuleType</T><T>System.Enum</T><T>System.Object</T></TN>
                        <ToString>TranslationMethodNat</ToString><By>0</By></Obj>
                      <Obj N="Type" RefId="7"><TNRef RefId="2" /><ToString>L2Only</ToString><By>3</By></Obj></Props>
                  </Obj>
                </Objs>
                """;
        write("all.xml", marked(xml, StandardCharsets.UTF_16LE, 0xff, 0xfe));
        assertThatThrownBy(this::read)
                .hasMessageContaining("all.xml, record 1: Rule '1' is not readable: a number instead of");
        List<NetWnvSource> hosts = NetWnvFiles.read(List.of(directory), EnumNumbers.OS_WIN);
        assertThat(hosts).extracting(source -> source.host().name()).containsExactly("all", "HV7");
        assertThat(hosts.get(1).host().lookupRecords().getFirst().context()).isEqualTo("a\r\nb & c");
        NetWnvLookupRecord second = hosts.getFirst().host().lookupRecords().getFirst();
        assertThat(second.rule()).isEqualTo(Rule.TRANSLATION_METHOD_NAT);
        assertThat(second.type()).isEqualTo(NetWnvLookupRecord.Type.L2_ONLY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE Objs [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Objs><S>&a;</S></Objs>",
                "<!DOCTYPE Objs [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Objs><S>&b;</S></Objs>",
                "<Objs><Obj><Props><S N=\"CustomerAddress\">10.0.0.5</S></Props></Obj>",
                "<Html></Html>",
                ""
            })
    void xmlThatPowerShellDoesNotWriteIsRefused(String xml) throws IOException {
        write("HV1.xml", xml);
        assertThatThrownBy(this::read).isInstanceOf(NetWnvException.class).hasMessageContaining("HV1.xml, line 1: ");
    }

    @Test
    void xmlMayNotBeDeep() throws IOException {
        write("HV1.xml", "<Objs>" + "<Obj><LST>".repeat(100) + "</LST></Obj>".repeat(100) + "</Objs>");
        assertThatThrownBy(this::read).hasMessageContaining("more than 64 levels");
    }

    @Test
    void errorsNameFilePlaceAndField() throws IOException {
        write("HV1.csv", CSV.replace("10.0.0.5", "10.0.0.500"));
        assertThatThrownBy(this::read)
                .hasMessageContaining("HV1.csv, line 3: CustomerAddress '10.0.0.500' is not readable");
        write("HV1.csv", CSV.replace("\"6000\"", "\"-1\""));
        assertThatThrownBy(this::read)
                .hasMessageEndingWith("line 3: VirtualSubnetID '-1' is not readable: must be 0..4294967295");
        write("HV1.csv", CSV.replace(",\"6000\"", ""));
        assertThatThrownBy(this::read).hasMessageEndingWith("line 3: has 8 values for 9 properties");
        write("HV1.csv", CSV.strip());
        assertThatThrownBy(this::read).hasMessageEndingWith("HV1.csv: is not complete: its last line has no end");
        write("HV1.csv", "\"A\",\"B\"\n\"1\",\"2\"\n");
        assertThatThrownBy(this::read)
                .hasMessageEndingWith("line 2: is of no class of NetWNV: its properties are A, B");
        Files.delete(directory.resolve("HV1.csv"));
        write("HV1.json", "[{\"CustomerAddress\": \"10.0.0.5\",");
        assertThatThrownBy(this::read).hasMessageContaining("HV1.json, line 1: is not JSON, or not complete");
    }

    @Test
    void theComputerIsTakenFromTheRecordThenTheDirectoryThenTheFile() throws IOException {
        write("HV2/x.csv", CSV);
        write("all-LookupRecord.csv", CSV.replace("\"BlueS1-VM1\",", "\"BlueS1-VM1\",\"HV3\""));
        write("Get-NetVirtualizationLookupRecord.csv", CSV);
        write("hv4.CustomerRoute.json", "[]");
        write("notes.txt", "not read");
        assertThat(read())
                .extracting(source -> source.host().name())
                .containsExactlyInAnyOrder(
                        "HV2", "HV3", "hv4", directory.getFileName().toString());
    }

    @Test
    void filesOfAllClassesAreOneHost() throws IOException {
        write(
                "HV1/1.json",
                "{\"RoutingDomainID\": \"11111111-2222-3333-4444-000000000000\", \"VirtualSubnetID\": 6000,"
                        + "\"DestinationPrefix\": \"10.0.0.0/24\", \"NextHop\": \"0.0.0.0\", \"Metric\": 255}");
        write(
                "HV1/2.json",
                "{\"ProviderAddress\": \"192.168.1.101\", \"InterfaceIndex\": 12, \"PrefixLength\": 24,"
                        + "\"VlanID\": 0, \"MACAddress\": \"00155d000001\", \"AddressState\": \"Preferred\", \"ManagedByCluster\": false}");
        write(
                "HV1/3.json",
                "{\"InterfaceIndex\": 12, \"DestinationPrefix\": \"0.0.0.0/0\", \"NextHop\": \"192.168.1.1\"}");
        write("HV1/4.json", "{\"UseExternalRouter\": true}");
        write("HV1/5.csv", CSV);
        assertThat(only()).isEqualTo(whole());
        assertThat(read().getFirst().files()).hasSize(5);
    }

    private static NetWnvHost whole() {
        return new NetWnvHost(
                "HV1",
                List.of(RECORD),
                List.of(new NetWnvCustomerRoute(
                        UUID.fromString("11111111-2222-3333-4444-000000000000"),
                        6000,
                        IpPrefix.parse("10.0.0.0/24"),
                        IpAddress.parse("0.0.0.0"),
                        255)),
                List.of(new NetWnvProviderAddress(
                        IpAddress.parse("192.168.1.101"),
                        12,
                        24,
                        0,
                        Optional.of(MacAddress.parse("00155d000001")),
                        "Preferred",
                        false)),
                List.of(new NetWnvProviderRoute(12, IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.168.1.1"), 0)),
                Optional.of(new NetWnvGlobal(true)));
    }

    @ParameterizedTest
    @EnumSource(NetWnvFiles.Format.class)
    void whatIsWrittenIsReadAgain(NetWnvFiles.Format format) throws IOException {
        NetWnvLookupRecord odd = new NetWnvLookupRecord(
                IpAddress.parse("fd00::5"),
                7000,
                MacAddress.parse("101010101105"),
                IpAddress.parse("2001:db8::1"),
                Rule.TRANSLATION_METHOD_NAT,
                NetWnvLookupRecord.Type.L2_ONLY,
                "{x}",
                "<&\">,_x0041_\r\n;",
                "BlueS1-VM1",
                true,
                true,
                true);
        NetWnvHost host = whole();
        NetWnvHost more = new NetWnvHost(
                host.name(),
                List.of(RECORD, odd),
                host.customerRoutes(),
                host.providerAddresses(),
                host.providerRoutes(),
                host.global());
        for (NetWnvFiles.Written file : NetWnvFiles.write(more, format)) {
            write(file.name(), file.text());
        }
        assertThat(only()).isEqualTo(more);
    }
}
