"""Migrations of ``crawl.db``: the private side of an archive (ledger, hosts, runs)."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from crawler.ledger.migrations.older_sentences import coded

migrations = Migrations("tinhuyen-crawl")


@migrations()
def m001_ledger(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE host (
            origin TEXT PRIMARY KEY,      -- scheme, name and port: what robots.txt speaks for
            server TEXT,                  -- address:port, resolved when the host is leased; the politeness unit
            not_before REAL NOT NULL DEFAULT 0,
            leased_by TEXT,
            lease_until REAL NOT NULL DEFAULT 0,
            epoch INTEGER NOT NULL DEFAULT 0,
            robots TEXT,                  -- the rules; '' allows everything, NULL: not read yet
            robots_at REAL,
            crawl_delay REAL,
            tls TEXT NOT NULL DEFAULT 'verified',
            failures INTEGER NOT NULL DEFAULT 0
        )"""
    )
    db.conn.execute(
        """
        CREATE TABLE page (
            key BLOB PRIMARY KEY,         -- BLAKE2b-16 of the canonical URL
            url TEXT NOT NULL,
            origin TEXT NOT NULL,
            portal TEXT NOT NULL,
            role TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'new',
            was TEXT,                     -- the state before the lease
            reason TEXT,
            method TEXT NOT NULL,
            found_on TEXT,
            found_at REAL NOT NULL,
            depth INTEGER NOT NULL DEFAULT 0,
            priority INTEGER NOT NULL,
            due REAL,                     -- next visit; NULL: never, or leased
            epoch INTEGER,
            tries INTEGER NOT NULL DEFAULT 0,
            visits INTEGER NOT NULL DEFAULT 0,
            visited_at REAL,
            status INTEGER,
            kind TEXT,
            etag TEXT,
            last_modified TEXT,
            record_id TEXT,
            warc TEXT,
            article_id INTEGER,
            suspect_since REAL
        )"""
    )
    db.conn.execute("CREATE INDEX page_due ON page (origin, priority DESC, due) WHERE due IS NOT NULL")
    db.conn.execute("CREATE INDEX page_leased ON page (origin) WHERE state = 'leased'")
    db.conn.execute("CREATE INDEX page_portal ON page (portal, state)")
    db.conn.execute("CREATE INDEX page_warc ON page (warc)")


@migrations()
def m002_runs(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            started_at REAL NOT NULL,
            finished_at REAL,
            portals TEXT NOT NULL,        -- JSON list of names
            settings TEXT NOT NULL,       -- JSON: what the run was told
            software TEXT NOT NULL,
            outcome TEXT,                 -- finished, limited, interrupted, disk full; NULL: running or killed
            counts TEXT                   -- JSON: what it did
        )"""
    )


@migrations()
def m003_one_order(db: Database) -> None:
    """``due`` alone orders what waits: below 0 by priority, else by time. Servers, controls and WARC files are kept."""
    db.conn.execute("DROP INDEX page_due")
    db.conn.execute("UPDATE page SET due = -priority * 1e7 + found_at / 1e3 WHERE state = 'new' AND due IS NOT NULL")
    db.conn.execute("CREATE INDEX page_due ON page (origin, due) WHERE due IS NOT NULL")
    db.conn.execute("ALTER TABLE host ADD COLUMN why TEXT")  # why nothing is asked before not_before
    db.conn.execute("ALTER TABLE host ADD COLUMN leased_at REAL NOT NULL DEFAULT 0")
    db.conn.execute("CREATE INDEX host_server ON host (server)")
    db.conn.execute("ALTER TABLE run ADD COLUMN worker TEXT")
    db.conn.execute("ALTER TABLE run ADD COLUMN progress_at REAL")
    db.conn.execute(
        """
        CREATE TABLE control (
            portal TEXT PRIMARY KEY,      -- what a person asked for while crawls may run
            state TEXT NOT NULL,          -- paused, stopped
            since REAL NOT NULL,
            until REAL                    -- NULL: until it is taken back
        )"""
    )
    db.conn.execute(
        """
        CREATE TABLE warc_file (
            name TEXT PRIMARY KEY,
            worker TEXT NOT NULL,
            state TEXT NOT NULL,          -- open, closed
            acked INTEGER NOT NULL        -- bytes; every record before it has told the ledger
        )"""
    )


@migrations()
def m004_workers(db: Database) -> None:
    """Processes that crawl now, and whether one has nothing to do while others hold all the hosts."""
    db.conn.execute(
        """
        CREATE TABLE worker (
            name TEXT PRIMARY KEY,
            hosts INTEGER NOT NULL,       -- how many it holds
            hungry INTEGER NOT NULL,      -- 1: it found nothing to lease
            seen_at REAL NOT NULL
        )"""
    )


@migrations()
def m005_sharing(db: Database) -> None:
    """Only processes that crawl some of the same portals share hosts."""
    db.conn.execute("ALTER TABLE worker ADD COLUMN portals TEXT")  # JSON: their names


@migrations()
def m006_schedules(db: Database) -> None:
    """When portals are crawled, what became of each occurrence, and how each portal of each run was found."""
    db.conn.execute(
        """
        CREATE TABLE schedule (
            portal TEXT PRIMARY KEY,
            rule TEXT NOT NULL,           -- as it was written
            jitter REAL NOT NULL,         -- seconds
            hours TEXT,                   -- allowed hours beside those of tinhuyen.toml
            set_at REAL NOT NULL,
            occurrence REAL NOT NULL,     -- the one that is waited for, without jitter
            next_at REAL NOT NULL,        -- when it is looked at: with jitter, or when hours open
            decided_at REAL NOT NULL      -- when that was reckoned; the clock may go back since
        )"""
    )
    db.conn.execute("CREATE INDEX schedule_next ON schedule (next_at)")
    db.conn.execute("CREATE INDEX schedule_decided ON schedule (decided_at)")
    db.conn.execute(
        """
        CREATE TABLE run_due (
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL,
            occurrence REAL NOT NULL,
            at REAL NOT NULL,             -- when this was decided
            state TEXT NOT NULL,          -- claimed, done, interrupted, lost, skipped, deferred, missed
            reason TEXT,
            worker TEXT,                  -- who claimed it
            run INTEGER,                  -- the row of ``run`` that crawled it
            missed INTEGER NOT NULL DEFAULT 0,   -- occurrences this one catches up, or that a ``missed`` row stands for
            again_of INTEGER,             -- the lost row it takes up again
            ended_at REAL
        )"""
    )
    db.conn.execute("CREATE INDEX run_due_claimed ON run_due (worker) WHERE state = 'claimed'")
    db.conn.execute("CREATE INDEX run_due_portal ON run_due (portal, id)")
    db.conn.execute(
        """
        CREATE TABLE portal_run (
            run INTEGER NOT NULL,
            portal TEXT NOT NULL,
            ended_at REAL NOT NULL,
            verdict TEXT NOT NULL,
            why TEXT NOT NULL,            -- one sentence
            advice TEXT NOT NULL,         -- what to do next, one sentence
            counts TEXT NOT NULL,         -- JSON: requests by outcome, articles, bytes
            fill TEXT,                    -- JSON: of the articles read, how many had each field, how long, by what selector
            PRIMARY KEY (run, portal)
        ) WITHOUT ROWID"""
    )
    db.conn.execute("CREATE INDEX portal_run_portal ON portal_run (portal, run)")
    _alerts(db)


def _alerts(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE alert (
            cause TEXT NOT NULL,          -- portal and verdict, or what is wrong with the archive
            channel TEXT NOT NULL,        -- mail, webhook
            first_at REAL NOT NULL,
            told_at REAL,                 -- NULL: waits to be told
            text TEXT NOT NULL,
            PRIMARY KEY (cause, channel)
        ) WITHOUT ROWID"""
    )


@migrations()
def m007_sunset(db: Database) -> None:
    """Signs that a portal is closing, and when all of it was captured because of that."""
    db.conn.execute(
        """
        CREATE TABLE sunset (
            portal TEXT NOT NULL,
            sign TEXT NOT NULL,           -- reform, moved, quiet, notice, failing
            why TEXT NOT NULL,
            first_at REAL NOT NULL,
            captured_at REAL,             -- when a full capture began after it; NULL: still to be made
            PRIMARY KEY (portal, sign)
        ) WITHOUT ROWID"""
    )


@migrations()
def m008_forms(db: Database) -> None:
    """List pages that are reached by posting a form: which they are, and what is sent while they wait."""
    db.conn.execute("ALTER TABLE page ADD COLUMN form TEXT")  # page 7 by which pager of found_on; NULL: just asked for
    db.conn.execute(
        """
        CREATE TABLE form_state (
            id INTEGER PRIMARY KEY,
            made_at REAL NOT NULL,
            data BLOB NOT NULL            -- zlib, JSON: the hidden fields and where they go
        )"""
    )
    db.conn.execute(
        """
        CREATE TABLE form (
            key BLOB PRIMARY KEY,         -- of the row in page
            list BLOB NOT NULL,           -- of the row of the list's first page
            pager TEXT NOT NULL,
            number INTEGER NOT NULL,
            event TEXT NOT NULL,          -- JSON: fields set over the state's
            state INTEGER,                -- NULL: answered
            again REAL                    -- when the list may give it out anew; NULL or 0: at once
        ) WITHOUT ROWID"""
    )
    db.conn.execute("CREATE INDEX form_of_state ON form (state) WHERE state IS NOT NULL")


@migrations()
def m008_certificates(db: Database) -> None:
    """When the TLS certificate of a host ends (notAfter, Unix seconds), as its last connection showed it."""
    db.conn.execute("ALTER TABLE host ADD COLUMN certificate_ends REAL")


@migrations()
def m009_looks(db: Database) -> None:
    """Since when a kept article was not found; deep looks, which have a schedule of their own."""
    db.conn.execute("ALTER TABLE page ADD COLUMN unseen_since REAL")
    db.conn.execute("CREATE INDEX page_unseen ON page (portal) WHERE unseen_since IS NOT NULL")
    db.conn.execute("UPDATE page SET unseen_since = suspect_since WHERE state IN ('suspect', 'gone')")
    db.conn.execute(
        """
        CREATE TABLE schedule_by_kind (
            portal TEXT NOT NULL,
            deep INTEGER NOT NULL,        -- 1: all that is kept is asked for again
            rule TEXT NOT NULL,           -- as it was written
            jitter REAL NOT NULL,         -- seconds
            hours TEXT,                   -- allowed hours beside those of tinhuyen.toml
            set_at REAL NOT NULL,
            occurrence REAL NOT NULL,     -- the one that is waited for, without jitter
            next_at REAL NOT NULL,        -- when it is looked at: with jitter, or when hours open
            decided_at REAL NOT NULL,     -- when that was reckoned; the clock may go back since
            PRIMARY KEY (portal, deep)
        )"""
    )
    db.conn.execute(
        "INSERT INTO schedule_by_kind SELECT portal, 0, rule, jitter, hours, set_at, occurrence, next_at, decided_at"
        " FROM schedule"
    )
    db.conn.execute("DROP TABLE schedule")
    db.conn.execute("ALTER TABLE schedule_by_kind RENAME TO schedule")
    db.conn.execute("CREATE INDEX schedule_next ON schedule (next_at)")
    db.conn.execute("CREATE INDEX schedule_decided ON schedule (decided_at)")
    db.conn.execute("ALTER TABLE run_due ADD COLUMN deep INTEGER NOT NULL DEFAULT 0")


@migrations()
def m010_rules_looked_at_again(db: Database) -> None:
    """What rules of before left out by its address, and was never asked for: the next crawl judges it by those of today."""
    db.conn.execute(
        """UPDATE page SET reason = reason || ' (by an older rule)'
            WHERE state = 'skipped' AND visited_at IS NULL AND form IS NULL AND (reason IN (
                'search page', 'the same list in another order', 'calendar', 'another look of the same page', 'feed',
                'author or account page', 'log-in or registration', 'no page for readers', 'form to send the page',
                'feed or other format', 'print view', 'trap: a calendar'
            ) OR reason LIKE 'trap: the query %' OR reason LIKE 'trap: language %' OR reason LIKE 'trap: a query %'
              OR reason LIKE 'trap: the path repeats %')"""
    )


@migrations()
def m011_firm_waits(db: Database) -> None:
    """Until when a host is left alone whoever asks: its Retry-After and the delay between requests, without back-off."""
    db.conn.execute("ALTER TABLE host ADD COLUMN firm_until REAL NOT NULL DEFAULT 0")


@migrations()
def m012_fatal_pages(db: Database) -> None:
    """How often a process died while it read a page, and when last."""
    db.conn.execute("ALTER TABLE page ADD COLUMN reading_deaths INTEGER NOT NULL DEFAULT 0")
    db.conn.execute("ALTER TABLE page ADD COLUMN reading_died_at REAL")
    db.conn.execute("CREATE INDEX page_deaths ON page (reading_deaths) WHERE reading_deaths > 0")


@migrations()
def m013_tls_ladder(db: Database) -> None:
    """When a host was last tried from the top of the TLS ladder, what holds since, and when its certificate was valid."""
    db.conn.execute("ALTER TABLE host ADD COLUMN tls_at REAL")
    db.conn.execute("ALTER TABLE host ADD COLUMN tls_held TEXT")
    db.conn.execute("ALTER TABLE host ADD COLUMN tls_why TEXT")
    db.conn.execute("ALTER TABLE host ADD COLUMN verified_at REAL")


@migrations()
def m014_reason_codes(db: Database) -> None:
    """Reasons as codes with facts beside their sentences; those of rows that are there are read off the sentences, once."""
    conn = db.conn
    conn.create_function(
        "code_in", 2, lambda said, due: (coded(said, bool(due)) or (None, None))[0], deterministic=True
    )
    conn.create_function(
        "facts_in", 2, lambda said, due: (coded(said, bool(due)) or (None, None))[1], deterministic=True
    )
    for table, column, of_schedule in (("page", "reason", 0), ("host", "why", 0), ("run_due", "reason", 1)):
        conn.execute(f"ALTER TABLE {table} ADD COLUMN {column}_code TEXT")  # crawler.reasons.codes
        conn.execute(f"ALTER TABLE {table} ADD COLUMN {column}_facts TEXT")  # JSON; NULL: the code says it all
        conn.execute(
            f"UPDATE {table} SET {column}_code = code_in({column}, {of_schedule}),"
            f" {column}_facts = facts_in({column}, {of_schedule}) WHERE {column} IS NOT NULL"
        )


@migrations()
def m015_verifications(db: Database) -> None:
    """Verifications of the archive, and the heads of its log as they were signed."""
    db.conn.execute(
        """
        CREATE TABLE log_head (
            number INTEGER PRIMARY KEY,
            size INTEGER NOT NULL,        -- leaves
            root TEXT NOT NULL,
            time TEXT NOT NULL
        )"""
    )
    db.conn.execute(
        """
        CREATE TABLE verification (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            what TEXT NOT NULL,           -- all, sample, log
            exit_code INTEGER NOT NULL,
            detail TEXT NOT NULL          -- JSON: what was checked, and the faults
        )"""
    )


@migrations()
def m016_suspended(db: Database) -> None:
    """Articles that were taken down, with all their rows of the public file, and what crawls brought of them since."""
    db.conn.execute(
        """
        CREATE TABLE suspended (
            article INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            data BLOB NOT NULL            -- zlib, JSON: rows by table, as they stood
        )"""
    )
    db.conn.execute(
        """
        CREATE TABLE suspended_capture (
            record_id TEXT PRIMARY KEY,
            article INTEGER NOT NULL,
            data TEXT NOT NULL            -- JSON: the capture
        ) WITHOUT ROWID"""
    )


@migrations()
def m018_follows(db: Database) -> None:
    """Searches and portals that somebody follows by mail or webhook, and how far each was told."""
    db.conn.execute(
        """
        CREATE TABLE follow (
            id INTEGER PRIMARY KEY,
            address TEXT NOT NULL,        -- path and query of a page of the site
            channel TEXT NOT NULL,        -- mail, webhook
            target TEXT NOT NULL,         -- a mail address; a webhook's address, which may hold a secret
            every TEXT NOT NULL,          -- once, day, week
            cursor INTEGER NOT NULL,      -- of the archive's journal: told up to there
            told_at REAL NOT NULL,
            silent TEXT NOT NULL DEFAULT '' -- what was told of portals that do not answer
        )"""
    )
