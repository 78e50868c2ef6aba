package net.nvgate.fabric.identity;

/** All that a manager has of identities, whoever its CA is. */
public interface ManagerIdentities extends PeerIdentities, JoinService, IdentityAdministration {}
