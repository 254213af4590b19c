"""A session in a tab of a real browser, and what of it lies on the disk."""

from contextlib import contextmanager

from tests.dubstage.page.server import served

SHEET = """cue,stem,in,out,query,hits,note
1,foley:feet,,,boots gravel,01:00:02:00 01:00:03:00,kept as it is
2,fx,01:00:05:00,,door slam,,
"""


@contextmanager
def served_tab(browser, library, session, video=None, more=()):
    """A tab on the page; whatever goes wrong in it fails the test."""
    from dubstage.page.app import make_app
    from dubstage.page.state import Settings

    settings = Settings(library=library, sessions=(session, *more), video=video)
    with served(make_app(settings)) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        tab = context.new_page()
        wrong = []
        tab.on("pageerror", lambda problem: wrong.append(str(problem)))
        tab.set_default_timeout(60_000)
        tab.goto(address)
        tab.wait_for_selector("#show-session:visible")
        yield tab
        context.close()
        assert wrong == []


def spotted(library, folder, text, exit_code=0):
    """A session of a cue sheet of this text; 1 is the exit code where a cue finds nothing."""
    from typer.testing import CliRunner

    from dubstage.cli import app

    sheet, session = folder / "reel.csv", folder / "reel.otio"
    sheet.write_text(text)
    asked = ["spot", sheet, "--rate", "24", "--library", library, "-o", session]
    result = CliRunner().invoke(app, list(map(str, asked)))
    assert result.exit_code == exit_code, result.output
    return session


def clips(session):
    from premix.session import read_session

    return [clip for track in read_session(session).tracks for clip in track.clips]


def clip_of(session, cue):
    return next(clip for clip in clips(session) if clip.cue == cue)


def saved(tab):
    tab.wait_for_function("() => document.getElementById('told').textContent === 'saved'")
    tab.evaluate("document.getElementById('told').textContent = ''")


def open_session(tab):
    tab.locator("#show-session").click()
    tab.wait_for_selector(".cue[aria-selected=true]")


def choose_cue(tab, words):
    tab.locator(".cue", has_text=words).click()
    tab.wait_for_selector(".choice")


def tracks(session):
    from premix.session import read_session

    return read_session(session).tracks
