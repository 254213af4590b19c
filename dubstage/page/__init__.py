"""The page: what an editor's ears and hands need, served to a browser on this machine.

    app           routes, state and headers together       security      who may ask for what
    connections   the server, and its patience              state         what requests share
    search_api    words and likeness, by pages              sound_api     facts, peaks, marks
    audition      sound as bytes, from anywhere in it       likeness_api  dropped sounds, the map
    session_api   cues, clips and edits by hand             render_api    renders, stems, reports
    withdrawn     what nobody waits for is ended           map_worker    neighbourhoods of the map
    static/       plain ES modules and CSS; no build step, no request to another host

A request names sounds by id, what was dropped by a key; no path from a request ever reaches
the disk.
"""
