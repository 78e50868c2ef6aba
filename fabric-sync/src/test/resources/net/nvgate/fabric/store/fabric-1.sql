-- A store as schema version 1 wrote it: three revisions, the second deleted what the first had made besides.
CREATE TABLE migration(version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL);
CREATE TABLE fabric(only INTEGER PRIMARY KEY CHECK (only = 0), id TEXT NOT NULL, head INTEGER NOT NULL, compacted INTEGER NOT NULL);
CREATE TABLE object(id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, created_rev INTEGER NOT NULL, changed_rev INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unique_key(scope TEXT NOT NULL, value TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY(scope, value)) WITHOUT ROWID;
CREATE INDEX unique_key_owner ON unique_key(owner);
CREATE TABLE reference(to_id TEXT NOT NULL, from_id TEXT NOT NULL, PRIMARY KEY(to_id, from_id)) WITHOUT ROWID;
CREATE INDEX reference_from ON reference(from_id);
CREATE TABLE guard(name TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE change_log(rev INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, object_id TEXT NOT NULL, before TEXT, after TEXT, PRIMARY KEY(rev, seq)) WITHOUT ROWID;
INSERT INTO migration VALUES(1, 1700000000000);
INSERT INTO fabric VALUES(0, '6f9619ff-8b86-4011-b42d-00c04fc964ff', 3, 0);
INSERT INTO object VALUES('11111111-1111-4111-8111-111111111111', 'logical-network', 'provider', 1, 3, '{"id":"11111111-1111-4111-8111-111111111111","name":"provider","description":"now described","networkVirtualization":true,"createdRevision":1,"changedRevision":3}');
INSERT INTO unique_key VALUES('name/logical-networks', 'provider', '11111111-1111-4111-8111-111111111111');
INSERT INTO guard VALUES('sites', 2);
INSERT INTO change_log VALUES(1, 0, 1700000000001, 'logical-network', '11111111-1111-4111-8111-111111111111', NULL, '{"id":"11111111-1111-4111-8111-111111111111","name":"provider","description":"","networkVirtualization":true,"createdRevision":1,"changedRevision":1}');
INSERT INTO change_log VALUES(1, 1, 1700000000001, 'logical-network', '22222222-2222-4222-8222-222222222222', NULL, '{"id":"22222222-2222-4222-8222-222222222222","name":"goes","description":"","networkVirtualization":false,"createdRevision":1,"changedRevision":1}');
INSERT INTO change_log VALUES(2, 0, 1700000000002, 'logical-network', '22222222-2222-4222-8222-222222222222', '{"id":"22222222-2222-4222-8222-222222222222","name":"goes","description":"","networkVirtualization":false,"createdRevision":1,"changedRevision":1}', NULL);
INSERT INTO change_log VALUES(3, 0, 1700000000003, 'logical-network', '11111111-1111-4111-8111-111111111111', '{"id":"11111111-1111-4111-8111-111111111111","name":"provider","description":"","networkVirtualization":true,"createdRevision":1,"changedRevision":1}', '{"id":"11111111-1111-4111-8111-111111111111","name":"provider","description":"now described","networkVirtualization":true,"createdRevision":1,"changedRevision":3}');
