package net.nvgate.fabric.store;

import net.nvgate.fabric.model.FabricObject;

/** An object as a store keeps it. */
public record StoredObject(FabricObject object, Links links) {}
