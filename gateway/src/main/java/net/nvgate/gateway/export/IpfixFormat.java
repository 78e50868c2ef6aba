package net.nvgate.gateway.export;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.control.TablePolicy.TenantName;
import org.jspecify.annotations.Nullable;

/** IPFIX. A tenant and a pool are explained by an options record before the first record that names them, and in every preamble. */
final class IpfixFormat implements Format {

    private static final int PROCESS = 1;
    private static final int NAME_BYTES_MAX = 250;

    private final int bytesMax;
    private final int observationDomain;
    private final Names names;
    private final Map<Integer, TenantName> tenantsTold = new HashMap<>();
    private final Map<Integer, String> poolsTold = new HashMap<>();
    private @Nullable IpfixMessage current;
    private int sequence;

    IpfixFormat(int bytesMax, int observationDomain, Names names) {
        this.bytesMax = bytesMax;
        this.observationDomain = observationDomain;
        this.names = names;
    }

    @Override
    public int add(What what, Observation observation, Full full) {
        Optional<Template> fitting = IpfixRecords.template(what, observation);
        if (fitting.isEmpty()) {
            return 0;
        }
        explain(observation, full);
        Template template = fitting.get();
        IpfixMessage message = withRoom(template.id, template.recordBytes(), full);
        IpfixRecords.write(observation, template, names, message.in(template.id));
        message.counted(true);
        return 1;
    }

    private void explain(Observation observation, Full full) {
        int domain = observation.domain();
        TenantName tenant = names.tenant(domain).orElse(null);
        if (tenant != null && !tenant.equals(tenantsTold.get(domain))) {
            tenantsTold.put(domain, tenant);
            tellTenant(domain, tenant, full);
        }
        int pool = IpfixRecords.pool(observation);
        String name = names.poolName(pool);
        if (!name.isEmpty() && !name.equals(poolsTold.get(pool))) {
            poolsTold.put(pool, name);
            tellPool(pool, name, full);
        }
    }

    private void tellTenant(int domain, TenantName tenant, Full full) {
        byte[] name = text(tenant.vmNetwork());
        int bytes = Template.TENANT.recordBytes() + 1 + name.length;
        IpfixMessage message = withRoom(Template.TENANT.id, bytes, full);
        ByteBuf to = message.in(Template.TENANT.id);
        to.writeInt(domain).writeByte(name.length).writeBytes(name);
        IpfixRecords.uuid(tenant.rdid(), to);
        message.counted(false);
    }

    private void tellPool(int pool, String poolName, Full full) {
        byte[] name = text(poolName);
        IpfixMessage message = withRoom(Template.POOL.id, Template.POOL.recordBytes() + 1 + name.length, full);
        message.in(Template.POOL.id).writeInt(pool).writeByte(name.length).writeBytes(name);
        message.counted(false);
    }

    /** UTF-8, cut between characters so that its length fits a byte (RFC 7011 section 7). */
    private static byte[] text(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, NAME_BYTES_MAX);
        while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }

    private IpfixMessage withRoom(int set, int recordBytes, Full full) {
        IpfixMessage message = current;
        if (message != null && !message.hasRoom(set, recordBytes)) {
            finish(full);
            message = null;
        }
        if (message == null) {
            message = new IpfixMessage(bytesMax, observationDomain);
            current = message;
        }
        return message;
    }

    @Override
    public void finish(Full full) {
        IpfixMessage message = current;
        if (message != null) {
            current = null;
            full.take(message.finish());
        }
    }

    @Override
    public int pending() {
        return current == null ? 0 : current.records();
    }

    /** Templates, then who the tenants and pools are that were named so far. */
    @Override
    public List<Message> preamble() {
        List<Message> messages = new ArrayList<>();
        IpfixFormat own = new IpfixFormat(bytesMax, observationDomain, names);
        for (Template template : Template.values()) {
            int set = template.isOptions() ? IpfixMessage.OPTIONS_TEMPLATE_SET : IpfixMessage.TEMPLATE_SET;
            template.write(own.withRoom(set, template.bytes(), messages::add).in(set));
        }
        own.tellNames(tenantsTold, poolsTold, messages::add);
        own.finish(messages::add);
        return messages;
    }

    @Override
    public void names(Full full) {
        tellNames(tenantsTold, poolsTold, full);
    }

    private void tellNames(Map<Integer, TenantName> tenants, Map<Integer, String> pools, Full full) {
        tenants.forEach((domain, tenant) -> tellTenant(domain, tenant, full));
        pools.forEach((pool, name) -> tellPool(pool, name, full));
    }

    @Override
    public void newSession() {
        sequence = 0;
    }

    @Override
    public void stamp(Message message, long nowMs) {
        IpfixMessage.stamp(message.bytes(), nowMs, sequence);
        sequence += message.sequenced();
    }

    @Override
    public void statistics(long messages, long records, long lost, Full full) {
        IpfixMessage message = withRoom(Template.STATISTICS.id, Template.STATISTICS.recordBytes(), full);
        ByteBuf to = message.in(Template.STATISTICS.id);
        to.writeInt(PROCESS).writeLong(messages).writeLong(records).writeLong(lost);
        message.counted(false);
    }

    @Override
    public void close() {
        if (current != null) {
            current.release();
            current = null;
        }
    }
}
