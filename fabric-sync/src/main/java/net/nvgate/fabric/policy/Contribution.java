package net.nvgate.fabric.policy;

/** What one object of the fabric adds to a section. */
record Contribution(Section section, PolicyObject object) {}
