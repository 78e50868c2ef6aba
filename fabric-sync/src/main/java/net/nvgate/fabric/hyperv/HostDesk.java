package net.nvgate.fabric.hyperv;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.identity.JoinException;
import net.nvgate.fabric.identity.JoinService;
import net.nvgate.fabric.identity.Peer;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What hosts are answered. Blocks; called from worker threads. */
final class HostDesk {

    private final PolicySource source;
    private final JoinService joins;
    private final PolledHosts hosts;
    private final String fabricId;
    private final String history;
    private final String version = HostScripts.version();

    HostDesk(PolicySource source, JoinService joins, PolledHosts hosts, String fabricId, String history) {
        this.source = source;
        this.joins = joins;
        this.hosts = hosts;
        this.fabricId = fabricId;
        this.history = history;
    }

    /** Entity tag of a policy: no two fabrics, not before and after a restore, and no two versions of a host's policy, share one. */
    String tag(long revision) {
        return "\"" + history + "-" + revision + "\"";
    }

    /** The revision that a tag of this fabric is of. */
    Optional<Long> revision(String tag) {
        String prefix = "\"" + history + "-";
        if (!tag.startsWith(prefix) || !tag.endsWith("\"")) {
            return Optional.empty();
        }
        String number = tag.substring(prefix.length(), tag.length() - 1);
        return number.matches("\\d{1,18}") ? Optional.of(Long.valueOf(number)) : Optional.empty();
    }

    /**
     * The policy, or word that the host has it.
     *
     * @param held what is in force there, empty = nothing
     */
    HostAnswer policy(NodeId node, Optional<Long> held) {
        Optional<PolicySource.Catchup> news = held.flatMap(revision -> source.since(node, revision));
        if (news.isPresent() && news.get().changes().isEmpty()) {
            long revision = news.get().revision();
            hosts.host(node).unchanged(revision);
            return HostAnswer.unchanged(tag(held.orElseThrow()), revision);
        }
        var policy = source.snapshot(node);
        hosts.host(node).desire(policy.revision());
        return HostAnswer.policy(
                HostPolicyDocument.of(fabricId, node.name(), policy), tag(policy.revision()), policy.revision());
    }

    /** For peers that have shown who they are. */
    HostAnswer answer(NodeId node, Peer.Known peer, String what, String body) {
        return switch (what) {
            case "POST /v1/status" -> status(node, body);
            case "GET /v1/host" -> HostAnswer.json(Map.of("fabric", fabricId, "host", node.name()));
            case "GET /v1/module" -> HostAnswer.script(HostScripts.module(), version);
            case "GET /v1/agent" -> HostAnswer.script(HostScripts.agent(), version);
            case "POST /v1/renew" -> given(() -> joins.renew(peer, text(body, "request")));
            default -> HostAnswer.problem(HttpResponseStatus.NOT_FOUND, "no-such-path", "there is no " + what);
        };
    }

    /** For anybody: empty if it is not. */
    Optional<HostAnswer> open(String what, String body) {
        return switch (what) {
            case "GET /v1/trusted" -> Optional.of(HostAnswer.json(Map.of("trusted", joins.trusted())));
            case "POST /v1/join" -> Optional.of(given(() -> joins.join(text(body, "token"), text(body, "request"))));
            default -> Optional.empty();
        };
    }

    private HostAnswer status(NodeId node, String body) {
        try {
            hosts.host(node).status(HostStatus.parse(body, source.revision()));
            return HostAnswer.done();
        } catch (IllegalArgumentException e) {
            return HostAnswer.problem(HttpResponseStatus.BAD_REQUEST, "bad-status", String.valueOf(e.getMessage()));
        }
    }

    private interface Giving {
        String certificates() throws JoinException;
    }

    private HostAnswer given(Giving giving) {
        try {
            return HostAnswer.json(Map.of("certificates", giving.certificates(), "trusted", joins.trusted()));
        } catch (JoinException e) {
            return HostAnswer.problem(HttpResponseStatus.FORBIDDEN, e.code().label(), String.valueOf(e.getMessage()));
        }
    }

    private static String text(String body, String field) throws JoinException {
        try {
            JsonNode value = FabricJson.mapper().readTree(body).path(field);
            if (value.isString()) {
                return value.asString();
            }
        } catch (JacksonException e) {
            throw new JoinException(JoinException.Code.BAD_REQUEST, "the body is not JSON");
        }
        throw new JoinException(JoinException.Code.BAD_REQUEST, "the body needs a text '" + field + "'");
    }
}
