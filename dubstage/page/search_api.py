"""Search for the page: the same answer as `dubstage search`, a screenful at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from db import facet_counts, marks, takes
from dubstage.page.state import PageState, RefusedError
from dubstage.page.withdrawn import Asker, unless_withdrawn
from library.aspects import read_aspects
from library.catalogue import likeliest_cat_ids
from library.query import parse_query
from library.search import Hit, SearchResult, search

MOST_HITS = 50_000
_STEPS = (60, 600, 6_000, MOST_HITS)  # of hits that are asked for; who scrolls on gets the next
_MOST_KEPT = MOST_HITS  # hits of answers that are remembered, some 6 KB each
_MOST_EXAMPLES = 20
_REFERENCE = re.compile(
    r"(?:(?P<id>\d{1,19})|upload:(?P<key>[0-9a-f]{32}))(?P<part>@[\d.]+-[\d.]+)?"
)


def routes(state: PageState) -> list[Route]:
    """What is asked about the library as a whole."""

    def about(_: Request) -> JSONResponse:
        catalogue = state.catalogue()
        return JSONResponse(
            {
                "library": state.settings.library.name,
                **facet_counts.totals(catalogue),
            }
        )

    async def find(request: Request) -> Response:
        return await unless_withdrawn(request, lambda asker: find_for(request, asker))

    def find_for(request: Request, asker: Asker) -> Response:
        with asker.may_leave(state.catalogue().interrupt):
            return answered(request)

    def answered(request: Request) -> Response:
        offset = number(request, "offset", 0, most=MOST_HITS)
        limit = max(1, number(request, "limit", 60, most=500))
        answer, hits = window(state, question_of(state, request), offset, limit)
        return JSONResponse(
            {
                "total": answer.total,
                "at_least": answer.at_least,  # there are more; they were not counted
                "reachable": min(answer.total, MOST_HITS),
                "took_ms": answer.took_ms,
                "remarks": answer.remarks,
                "offset": offset,
                "hits": hits_as_json(state, hits),
            }
        )

    def facets(_: Request) -> JSONResponse:
        counts = facet_counts.all_facets(state.catalogue())
        guessed = [
            {"category": names[0], "subcategory": names[1], "cat_id": cat_id, "count": count}
            for cat_id, count in counts["guessed"].items()
            if (names := names_of(cat_id))
        ]
        collections = marks.collections(state.catalogue())
        return JSONResponse(
            counts
            | {
                "guessed": guessed,
                "collections": [{"value": name, "count": held} for name, held in collections],
            }
        )

    return [
        Route("/api/about", about),
        Route("/api/search", find),
        Route("/api/facets", facets),
    ]


@dataclass(frozen=True)
class Question:
    """What is asked of the library, with examples as `library.likeness` reads them."""

    words: str
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    aspects: tuple[tuple[str, float], ...] = ()  # of library.aspects; none: all that is heard


def question_of(state: PageState, request: Request) -> Question:
    """What a request asks; raises RefusedError where an example is none."""
    asked = request.query_params
    like, unlike = (
        tuple(reference_of(state, each) for each in asked.getlist(name))
        for name in ("like", "unlike")
    )
    if len(like) + len(unlike) > _MOST_EXAMPLES:
        raise RefusedError(f"at most {_MOST_EXAMPLES} examples at once")
    aspects = read_aspects(asked.getlist("aspect")) if like or unlike else {}
    return Question(asked.get("q", ""), like, unlike, tuple(sorted(aspects.items())))


def window(
    state: PageState, asked: Question, offset: int, limit: int
) -> tuple[SearchResult, Sequence[Hit]]:
    """The hits of these ranks, and the answer that they are of."""
    by_place = not (asked.like or asked.unlike or parse_query(asked.words).groups)
    if by_place:  # an order that does not hang on how many are asked for
        found = search(state.catalogue(), asked.words, limit=limit, offset=offset)
        return found, found.hits
    found = answer(state, asked, offset + limit)
    return found, found.hits[offset : offset + limit]


def answer(state: PageState, asked: Question, wanted: int) -> SearchResult:
    """At least the first `wanted` hits; an answer once given stands while one scrolls in it."""
    with state.lock:
        known = state.answers.get(asked)
    if wanted > _STEPS[0] and known is not None and known[0] >= wanted:
        return known[1]
    limit = next(step for step in (*_STEPS, max(wanted, MOST_HITS)) if step >= wanted)
    found = search(
        state.catalogue(),
        asked.words,
        like=asked.like,
        unlike=asked.unlike,
        aspects=dict(asked.aspects) or None,
        limit=limit,
    )
    with state.lock:
        state.answers.pop(asked, None)
        state.answers[asked] = (limit, found)
        while len(state.answers) > 1 and _held(state) > _MOST_KEPT:
            state.answers.pop(next(iter(state.answers)))
    return found


def _held(state: PageState) -> int:
    return sum(len(found.hits) for _limit, found in state.answers.values())


def reference_of(state: PageState, text: str) -> str:
    """What `library.likeness` may read for "ID", "ID@from-to" or "upload:KEY", and nothing else."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise RefusedError("like wants a sound's id, such as 123 or 123@1.5-2")
    part = match["part"] or ""
    if match["id"]:
        return match["id"] + part
    path = state.uploads.get(match["key"])
    if path is None:
        raise RefusedError("that sound was dropped on another page; drop it again", 404)
    return str(path) + part


def hits_as_json(state: PageState, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as the page shows them, with ratings and numbers of takes."""
    catalogue = state.catalogue()
    ids = [hit.asset.id for hit in hits]
    ratings, counts = marks.ratings(catalogue, ids), takes.counts(catalogue, ids)
    notes, kept = marks.notes(catalogue, ids), marks.collections_of(catalogue, ids)
    likely = likeliest_cat_ids(catalogue, [hit.asset for hit in hits])
    return [
        hit_as_json(hit, ratings.get(hit.asset.id), counts.get(hit.asset.id, 1))
        | {
            "note": notes.get(hit.asset.id),
            "collections": kept.get(hit.asset.id, []),
            "likely": names_of(likely.get(hit.asset.id)),
        }
        for hit in hits
    ]


def hit_as_json(hit: Hit, rating: int | None, n_takes: int) -> dict[str, Any]:
    asset, take = hit.asset, hit.take
    rate_hz = asset.sample_rate_hz
    return {
        "asset_id": asset.id,
        "name": asset.fx_name,
        "path": asset.path,
        "root": asset.root,
        "cat_id": asset.cat_id,
        "category": asset.category,
        "subcategory": asset.subcategory,
        "duration_s": round(asset.duration_s, 4),
        "channels": asset.channels,
        "sample_rate_hz": rate_hz,
        "bits": asset.bits,
        "format": asset.format,
        "licence": asset.licence,
        "loudness_lufs": asset.loudness_lufs,
        "rating": rating,
        "facets": asset.facets,
        "take": {
            "index": take.index,
            "start_s": take.start_samples / rate_hz,
            "end_s": take.end_samples / rate_hz,
            "sync_s": take.sync_samples / rate_hz,
        },
        "takes": n_takes,
        "score": hit.score,
        "why": hit.why,
        "aspects": {name: round(alike, 3) for name, alike in hit.aspects.items()},
    }


def names_of(cat_id: str | None) -> tuple[str, str] | None:
    """The category and subcategory of a CatID of UCS."""
    from library.ucs import category_of

    known = None if cat_id is None else category_of(cat_id)
    return None if known is None else (known.category, known.subcategory)


def number(request: Request, name: str, default: int, *, most: int = 1 << 53) -> int:
    """A whole number of the query, 0 to `most`."""
    text = request.query_params.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) > most:
        raise RefusedError(f"{name} wants a whole number, 0 to {most}")
    return int(text)
