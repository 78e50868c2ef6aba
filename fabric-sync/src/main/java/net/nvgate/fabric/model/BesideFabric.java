package net.nvgate.fabric.model;

/**
 * What the store keeps beside the fabric: who nodes and people are, and what they did. No policy follows from it, it takes no address
 * of the fabric, and fabric files do not have it.
 */
public sealed interface BesideFabric extends FabricObject
        permits CertificateAuthority,
                NodeIdentity,
                JoinToken,
                User,
                ApiToken,
                LoginSession,
                AuditEvent,
                IdempotencyKey {}
