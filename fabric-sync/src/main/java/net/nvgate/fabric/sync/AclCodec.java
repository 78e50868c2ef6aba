package net.nvgate.fabric.sync;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AclProtocol;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.AclAction;
import net.nvgate.fabric.sync.v1.AclAddresses;
import net.nvgate.fabric.sync.v1.AclDirection;
import net.nvgate.fabric.sync.v1.AclSide;
import net.nvgate.fabric.sync.v1.PortAcl;
import net.nvgate.fabric.sync.v1.PortAclRule;
import net.nvgate.fabric.sync.v1.PortRange;

/** Port ACLs and what they name, to and from protobuf. */
final class AclCodec {

    private static final String NEWER = "must be of a kind this version knows";
    private static final String KIND = "port-acl";
    /** Labels of one VM, or that one side names. */
    private static final int LABELS_MAX = FieldReader.LIST_MAX;

    /** CAs of one VM: of each NIC one of either family, and what its guest took besides. */
    static final int ADDRESSES_MAX = Rules.LIST_LENGTH_MAX * (2 + Vm.Nic.LEARNED_MAX);

    private AclCodec() {}

    static PortAcl encode(PolicyObject.PortAcl o) {
        return PortAcl.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setName(o.name())
                .setProvider(o.provider())
                .addAllPrefixes(FieldWriter.prefixes(o.prefixes()))
                .addAllLabels(o.labels())
                .setDefaultInboundAction(encode(o.defaultInboundAction()))
                .setDefaultOutboundAction(encode(o.defaultOutboundAction()))
                .addAllRules(o.rules().stream().map(AclCodec::encode).toList())
                .build();
    }

    private static AclAction encode(net.nvgate.fabric.model.AclAction action) {
        return switch (action) {
            case ALLOW -> AclAction.ACL_ACTION_ALLOW;
            case DENY -> AclAction.ACL_ACTION_DENY;
            case REJECT -> AclAction.ACL_ACTION_REJECT;
        };
    }

    private static net.nvgate.fabric.model.AclAction decode(AclAction action) {
        return switch (action) {
            case ACL_ACTION_ALLOW -> net.nvgate.fabric.model.AclAction.ALLOW;
            case ACL_ACTION_DENY -> net.nvgate.fabric.model.AclAction.DENY;
            case ACL_ACTION_REJECT -> net.nvgate.fabric.model.AclAction.REJECT;
            case ACL_ACTION_UNSPECIFIED, UNRECOGNIZED -> throw new ModelException(KIND, "action", action, NEWER);
        };
    }

    private static PortAclRule encode(net.nvgate.fabric.model.PortAclRule o) {
        return PortAclRule.newBuilder()
                .setPriority(o.priority())
                .setName(o.name())
                .setDirection(
                        switch (o.direction()) {
                            case INBOUND -> AclDirection.ACL_DIRECTION_INBOUND;
                            case OUTBOUND -> AclDirection.ACL_DIRECTION_OUTBOUND;
                        })
                .setAction(encode(o.action()))
                .setProtocol(o.protocol().number() + 1)
                .setLocal(side(o.localAddressPrefixes(), o.localAddressSetIds(), o.localLabels(), o.localPortRanges()))
                .setRemote(side(
                        o.remoteAddressPrefixes(), o.remoteAddressSetIds(), o.remoteLabels(), o.remotePortRanges()))
                .setIcmpType(o.icmpType().map(type -> type + 1).orElse(0))
                .setIcmpCode(o.icmpCode().map(code -> code + 1).orElse(0))
                .setLog(o.log())
                .build();
    }

    private static AclSide side(
            List<IpPrefix> prefixes,
            List<UUID> sets,
            List<String> labels,
            List<net.nvgate.fabric.model.PortRange> ports) {
        return AclSide.newBuilder()
                .addAllPrefixes(FieldWriter.prefixes(prefixes))
                .addAllAddressSetIds(sets.stream().map(FieldWriter::bytes).toList())
                .addAllLabels(labels)
                .addAllPorts(ports.stream()
                        .map(range -> PortRange.newBuilder()
                                .setFirst(range.first())
                                .setLast(range.last())
                                .build())
                        .toList())
                .build();
    }

    static PolicyObject decode(PortAcl w, FieldReader fields) {
        FieldReader.inRange(KIND, "rules", w.getRulesCount(), 0, net.nvgate.fabric.model.PortAcl.RULES_MAX);
        return new PolicyObject.PortAcl(
                fields.uuid(KIND, "id", w.getId()),
                fields.uuid(KIND, "rdid", w.getRdid()),
                FieldReader.name(KIND, "name", w.getName()),
                w.getProvider(),
                FieldReader.prefixes(KIND, "prefixes", w.getPrefixesList()),
                labels(KIND, w.getLabelsList()),
                decode(w.getDefaultInboundAction()),
                decode(w.getDefaultOutboundAction()),
                w.getRulesList().stream().map(rule -> decode(rule, fields)).toList());
    }

    private static net.nvgate.fabric.model.PortAclRule decode(PortAclRule w, FieldReader fields) {
        return new net.nvgate.fabric.model.PortAclRule(
                FieldReader.inRange(
                        KIND, "rules.priority", w.getPriority(), 1, net.nvgate.fabric.model.PortAclRule.PRIORITY_MAX),
                FieldReader.name(KIND, "rules.name", w.getName()),
                switch (w.getDirection()) {
                    case ACL_DIRECTION_INBOUND -> net.nvgate.fabric.model.AclDirection.INBOUND;
                    case ACL_DIRECTION_OUTBOUND -> net.nvgate.fabric.model.AclDirection.OUTBOUND;
                    case ACL_DIRECTION_UNSPECIFIED, UNRECOGNIZED ->
                        throw new ModelException(KIND, "rules.direction", w.getDirection(), NEWER);
                },
                decode(w.getAction()),
                new AclProtocol(FieldReader.inRange(KIND, "rules.protocol", w.getProtocol(), 0, 256) - 1),
                FieldReader.prefixes(KIND, "rules.local", w.getLocal().getPrefixesList()),
                sets(w.getLocal(), fields),
                labels(KIND, w.getLocal().getLabelsList()),
                ports(w.getLocal()),
                FieldReader.prefixes(KIND, "rules.remote", w.getRemote().getPrefixesList()),
                sets(w.getRemote(), fields),
                labels(KIND, w.getRemote().getLabelsList()),
                ports(w.getRemote()),
                optional("rules.icmpType", w.getIcmpType()),
                optional("rules.icmpCode", w.getIcmpCode()),
                w.getLog());
    }

    private static Optional<Integer> optional(String field, int wire) {
        int value = FieldReader.inRange(KIND, field, wire, 0, 256);
        return value == 0 ? Optional.empty() : Optional.of(value - 1);
    }

    private static List<UUID> sets(AclSide side, FieldReader fields) {
        FieldReader.inRange(KIND, "rules.addressSetIds", side.getAddressSetIdsCount(), 0, FieldReader.LIST_MAX);
        return side.getAddressSetIdsList().stream()
                .map(id -> fields.uuid(KIND, "rules.addressSetIds", id))
                .toList();
    }

    private static List<net.nvgate.fabric.model.PortRange> ports(AclSide side) {
        FieldReader.inRange(KIND, "rules.ports", side.getPortsCount(), 0, FieldReader.LIST_MAX);
        return side.getPortsList().stream()
                .map(range -> new net.nvgate.fabric.model.PortRange(range.getFirst(), range.getLast()))
                .toList();
    }

    private static List<String> labels(String kind, List<String> wire) {
        FieldReader.inRange(kind, "labels", wire.size(), 0, LABELS_MAX);
        return List.copyOf(wire);
    }

    static AclAddresses encode(PolicyObject.AclAddresses o) {
        return AclAddresses.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .addAllLabels(o.labels())
                .addAllPrefixes(FieldWriter.prefixes(o.prefixes()))
                .build();
    }

    static PolicyObject decode(AclAddresses w, FieldReader fields) {
        String kind = "acl-addresses";
        return new PolicyObject.AclAddresses(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "rdid", w.getRdid()),
                labels(kind, w.getLabelsList()),
                FieldReader.prefixes(kind, "prefixes", w.getPrefixesList(), ADDRESSES_MAX));
    }
}
