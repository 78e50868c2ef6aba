package net.nvgate.mgmt.cli;

import tools.jackson.databind.json.JsonMapper;

/** Reads and writes what the API speaks. A class of its own: what needs no JSON, as help, does not load it. */
final class Json {

    static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}
}
