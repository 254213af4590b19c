"""The tables, as numbered steps. A step that has shipped is never edited.

Written as SQL, for SQL says what sqlite-utils' builder cannot: generated
indexes on expressions, autoincrement, tables without a rowid.
"""

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database, Migrations

schema = Migrations("dubstage")

_CATALOGUE = """
create table state (
    name text primary key,
    value text not null
) strict, without rowid;

-- Where sounds live. A root may move; its name stays.
create table root (
    name text primary key,
    folder text not null unique
) strict, without rowid;

-- One sound file each; library.asset.Asset says what each column means.
create table asset (
    id integer primary key,
    sound_hash text not null,
    root text not null references root (name) on update cascade,
    path text not null,
    size_bytes integer not null,
    modified_ns integer not null,
    format text not null,
    sample_rate_hz integer not null,
    channels integer not null,
    bits integer,
    duration_samples integer not null,
    time_reference_samples integer,
    loudness_lufs real,
    true_peak_dbtp real,
    cat_id text,
    category text,
    subcategory text,
    user_category text,
    vendor_category text,
    fx_name text not null,
    creator_id text,
    source_id text,
    user_data text,
    description text not null,
    keywords text not null,
    licence text,
    facets text not null -- a JSON object: {"surface": "gravel"}
) strict;
create unique index asset_place on asset (root, path);
create index asset_sound on asset (sound_hash);
-- As conditions compare: without regard to capitals.
create index asset_cat_id on asset (cat_id collate nocase);
create index asset_category on asset (category collate nocase);
create index asset_surface on asset ((facets ->> '$.surface') collate nocase)
    where facets ->> '$.surface' is not null;
create index asset_duration on asset (duration_samples * 1.0 / sample_rate_hz);

-- One performance within a sound each; the measured columns are library.features.FEATURES.
create table take (
    id integer primary key,
    asset_id integer not null references asset (id) on delete cascade,
    "index" integer not null,
    start_samples integer not null,
    end_samples integer not null,
    sync_samples integer not null,
    label text,
    steady text not null, -- JSON: [[start, end], ...] in samples
    duration_s real,
    loudness_lufs real,
    rms_dbfs real,
    peak_dbfs real,
    crest_db real,
    attack_s real,
    decay_s real,
    temporal_centroid real,
    onset_count real,
    onsets_per_min real,
    pace_per_min real,
    centroid_hz real,
    bandwidth_hz real,
    rolloff_hz real,
    flatness real,
    contrast_db real,
    flux_db real,
    low_share real,
    mid_share real,
    high_share real,
    zero_crossings_per_s real,
    pitch_hz real,
    pitch_confidence real,
    tonality real,
    noisiness real,
    roughness real,
    stereo_width real,
    stereo_correlation real,
    level_range_db real,
    steadiness real,
    loopability real
) strict;
create unique index take_place on take (asset_id, "index");

-- What a take sounds like to a network: float16 numbers, and which network said so.
create table model (
    id integer primary key,
    name text not null unique,
    dimensions integer not null
) strict;
create table vector (
    id integer primary key autoincrement, -- never used twice: the vector index counts on it
    take_id integer not null references take (id) on delete cascade,
    model_id integer not null references model (id),
    numbers blob not null
) strict;
create unique index vector_of_take on vector (take_id, model_id);
create index vector_of_model on vector (model_id);

-- All that the networks heard in a take, before it is made a short vector: a better way to
-- make vectors of it needs no second hearing.
create table hearing (
    take_id integer primary key references take (id) on delete cascade,
    networks text not null,
    numbers blob not null
) strict;

-- The picture of a sound: int8 pairs (lowest, highest), finest level first.
create table peaks (
    asset_id integer primary key references asset (id) on delete cascade,
    levels text not null, -- JSON: [[samples a pair, pairs], ...]
    numbers blob not null
) strict;

-- Files that could not be taken in, and why; not tried again until they change.
create table refusal (
    root text not null references root (name) on update cascade on delete cascade,
    path text not null,
    size_bytes integer not null,
    modified_ns integer not null,
    reason text not null,
    refused_at text not null, -- UTC, ISO 8601
    primary key (root, path)
) strict, without rowid;

-- The word index; db.words says how a rowid is made. Texts are prepared by the library.
create virtual table words using fts5 (
    name, category, metadata, folders, cat_id,
    tokenize = "porter unicode61 remove_diacritics 2",
    prefix = '1 2 3'
);
-- Where in it an asset is.
create table word_row (
    asset_id integer primary key references asset (id) on delete cascade,
    row integer not null
) strict;
-- A word in the name says more than one in the notes.
insert into words (words, rank) values ('rank', 'bm25(10.0, 5.0, 3.0, 2.0, 4.0)');
-- Every word that was ever indexed, as written: for words within words, and typing errors.
create table term (id integer primary key, word text not null unique) strict;
create virtual table term_part using fts5 (
    word, content = 'term', content_rowid = 'id', tokenize = 'trigram'
);
create trigger term_added after insert on term begin
    insert into term_part (rowid, word) values (new.id, new.word);
end;

-- What people say of sounds. Bound to the sound's id and to nothing that a scan may drop:
-- a file that is gone and comes back finds its marks again.
create table mark (
    asset_id integer primary key,
    rating integer check (rating between 0 and 5),
    note text
) strict;
create table collection (
    id integer primary key,
    name text not null unique
) strict;
create table collected (
    collection_id integer not null references collection (id) on delete cascade,
    asset_id integer not null,
    primary key (collection_id, asset_id)
) strict, without rowid;

-- Questions that are asked again.
create table saved_search (
    name text primary key,
    asked text not null -- JSON: library.saved.Saved
) strict, without rowid;

-- Which sound plays where: each session as it was last spotted, followed or rendered.
create table used (
    id integer primary key,
    session text not null,
    file text not null, -- of the session, in full
    used_at text not null, -- UTC, ISO 8601
    cue text not null,
    stem text not null,
    track text not null,
    timecode text not null,
    asset_id integer not null,
    take integer not null
) strict;
create index used_sound on used (asset_id);
create index used_file on used (file);

-- The user's own facets, above what names tell; they are bound to the sound as marks are.
create table tag (
    asset_id integer not null,
    facet text not null,
    value text not null,
    primary key (asset_id, facet)
) strict, without rowid;
-- What nobody said but is likely: `field` is a facet, or "cat_id".
create table suggestion (
    asset_id integer not null references asset (id) on delete cascade,
    field text not null,
    value text not null,
    probability real not null,
    primary key (asset_id, field, value)
) strict, without rowid;

insert into state (name, value) values ('catalogue', lower(hex(randomblob(16))));
"""

# Rows of the word index that came or went, in order: what an index beside it has to catch up on.
_WORD_CHANGES = """
create table word_change (id integer primary key, row integer not null) strict;
"""


@schema()
def m001_catalogue(db: Database) -> None:
    """Sounds, takes, vectors, words, refusals and what people say of sounds."""
    for statement in _statements(_CATALOGUE):
        db.execute(statement)


@schema()
def m002_word_changes(db: Database) -> None:
    """What changes in the word index is numbered."""
    for statement in _statements(_WORD_CHANGES):
        db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit the migration's own transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
