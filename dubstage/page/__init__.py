"""The page: what an editor's ears and hands need, served to a browser on this machine.

    app           routes, state and headers together       security      who may ask for what
    search_api    words and likeness, page by page          sound_api     one sound: facts, peaks, marks
    audition      sound as bytes, from anywhere in it       likeness_api  dropped sounds, the map
    static/       plain ES modules and CSS; no build step, no request to another host

A request names sounds by id, what was
dropped by a key; no path from a request ever reaches the disk.
"""
