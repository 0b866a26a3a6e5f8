-- One recorded outcome per document and run. No column holds a value of a document.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    command TEXT NOT NULL,           -- digest of what must be equal for a run to be taken up again
    state TEXT NOT NULL,             -- running, finished, interrupted
    pass INTEGER NOT NULL,           -- counts how often it was taken up
    started TEXT NOT NULL,
    finished TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL,             -- JSON: roots, versions, options
    summary TEXT NOT NULL DEFAULT '' -- JSON: counts and exit status
);

CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, uri NOT NULL UNIQUE);

CREATE TABLE IF NOT EXISTS outcomes (
    run INTEGER NOT NULL,
    document INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    status TEXT NOT NULL,
    source INTEGER NOT NULL,         -- the run in which it was last examined: this one, or an earlier one when unchanged
    stamp BLOB NOT NULL,
    recipe TEXT NOT NULL,
    again INTEGER NOT NULL,          -- 1: a passing failure, to be tried again; 2: when there are passwords
    content_id TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    examined TEXT NOT NULL,
    head TEXT NOT NULL,              -- JSON: the outcome without findings and problems; '' when unchanged
    PRIMARY KEY (run, document)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outcomes_of_document ON outcomes (document, run);

CREATE TABLE IF NOT EXISTS findings (
    run INTEGER NOT NULL,
    document INTEGER NOT NULL,
    member INTEGER NOT NULL,         -- 0: the document itself, 1… what lies inside, depth first
    n INTEGER NOT NULL,
    finding_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    categories TEXT NOT NULL,
    evidence TEXT NOT NULL,
    certainty TEXT NOT NULL,
    confidence REAL NOT NULL,
    hits INTEGER NOT NULL,
    persons_lower INTEGER NOT NULL,
    persons_upper INTEGER NOT NULL,
    role TEXT NOT NULL,
    masked NOT NULL,
    digest TEXT NOT NULL,
    place NOT NULL,
    inside NOT NULL,
    rule TEXT NOT NULL,
    because NOT NULL,
    checked INTEGER,
    sample INTEGER NOT NULL,
    PRIMARY KEY (run, document, member, n)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS findings_of_id ON findings (finding_id, run);

CREATE TABLE IF NOT EXISTS problems (
    run INTEGER NOT NULL,
    document INTEGER NOT NULL,
    member INTEGER NOT NULL,
    n INTEGER NOT NULL,
    stage TEXT NOT NULL,
    code TEXT NOT NULL,
    detail NOT NULL,
    place NOT NULL,
    PRIMARY KEY (run, document, member, n)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS seen (finding_id TEXT PRIMARY KEY, run INTEGER NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
