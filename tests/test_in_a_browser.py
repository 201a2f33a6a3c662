"""What only a browser knows: frames of other origins, their cookies, scripts that pages of 2008 load from us."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from time import time
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.chromium import Window
from tests.conftest import MakeGateway
from tests.inbound.launches import APP, GROUP, SECRET, concatenated, query
from tests.person import Person
from tests.program import Program, answer_of
from tests.servers import Served, serving
from userapi_gw.embedded import make_community_key
from userapi_gw.gateway import Gateway

pytestmark = pytest.mark.browser

OLD_SITE = """
<p id="told"></p>
<script>
var sid = location.hash.split(";sid=")[1];
function told(profile) { document.getElementById("told").innerHTML = profile.fn + " " + profile.ln; }
document.write('<script src="%s/data?act=profile&sid=' + sid + '&back=told"><' + '/script>');
</script>
"""
VK_SCRIPT = """
var VK = {
    callbacks: {},
    init: function (ready) { setTimeout(ready, 0); },
    addCallback: function (name, callback) { VK.callbacks[name] = callback; },
    callMethod: function (name, mask) {
        if (name === "showGroupSettingsBox") VK.callbacks.onGroupSettingsChanged(mask, "%s");
        if (name === "showSettingsBox") VK.callbacks.onSettingsChanged(mask);
    }
};
"""
"""What VK's own script does as far as a page can tell, without VK."""


@dataclass
class World:
    """A gateway on a port, and another server that is VK and the old site, by different names."""

    address: str
    app: Flask
    other: Served

    @property
    def gateway(self) -> Gateway:
        """The rooms behind the address."""
        gateway: Gateway = self.app.extensions["userapi_gw"]
        return gateway

    def named(self, host: str) -> str:
        """The other server by one of its names."""
        return f"http://{host}:{self.other.place.rpartition(':')[2]}"

    def framed(self, path: str) -> None:
        """Let VK's page hold a page of the gateway in a frame."""
        self.other.files["/"] = f'<iframe src="{self.address}{path}" width="800" height="800"></iframe>'.encode()

    def launch(self, viewer: int, site: int = 7, **other: Any) -> str:
        """The path of a launch of a site's app."""
        token = Person(self.app, viewer)._token
        facts: dict[str, Any] = {"viewer_id": viewer, "access_token": token, "timestamp": int(time())}
        return f"/app/{site}?" + query(concatenated(**facts, **other)).replace("&", "&amp;")


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def on_a_port(make: Callable[[str], Flask]) -> Iterator[tuple[str, Flask]]:
    """Serve an application that wants to know where it is served."""
    made: list[Flask] = []
    server = make_server("127.0.0.1", 0, lambda *given: made[0](*given), threaded=True, request_handler=_Silent)
    address = f"http://127.0.0.1:{server.server_port}"
    made.append(make(address))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield address, made[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def world(make_gateway: MakeGateway) -> Iterator[World]:
    with serving() as other:

        def make(address: str) -> Flask:
            port = other.place.rpartition(":")[2]
            community = {"group": GROUP, "app": APP, "app_secret": SECRET}
            return make_gateway(
                sites={
                    1: {"url": "self", "community": {**community, "app": APP + 1, "group": 6}},
                    7: {"url": f"http://old.test:{port}", "community": community},
                },
                public_url=address,
                frame_ancestors=(f"http://vk.test:{port}",),
                vk_script=f"http://vk.test:{port}/xd_connection.js",
            )

        with on_a_port(make) as (address, app):
            other.files["/index.html"] = OLD_SITE.encode() % address.encode()
            yield World(address, app, other)


def test_an_app_in_a_frame_ends_logged_in(world: World, window: Window) -> None:
    world.framed(world.launch(6, hash="wall"))
    window.open(world.named("vk.test")).enter_frame()
    assert window.wait_for('return document.getElementById("told").innerHTML') == "Nikolay Durov"
    page, _, sid = window.run("return location.href").partition(";sid=")
    assert (page, len(sid)) == (world.named("old.test") + "/index.html#wall", 32)

    # by its cookie, which the browser keeps for frames in VK's pages alone
    window.run(f"location = '{world.address}/auth?login=auto&site=7'")
    again = window.wait_for(f"return location.hash.split(';sid=')[1] !== '{sid}' && location.hash")
    assert (again[:7], len(again)) == ("#0;sid=", 39)
    window.wait_for('return document.getElementById("told").innerHTML === "Nikolay Durov"')
    elsewhere = window.open(f"{world.address}/auth?login=auto&site=7").run("return location.hash")
    assert elsewhere == "#0;sid=-1"


def test_the_gateway_s_own_page_is_such_a_site(world: World, window: Window) -> None:
    world.framed(world.launch(6, 1, api_id=APP + 1, group_id=6))
    window.open(world.named("vk.test")).enter_frame()
    assert window.text("#welcome").startswith("You are logged in.")


@pytest.mark.parametrize(("host", "path"), [("evil.test", ""), ("vk.test", "/login"), ("evil.test", "/")])
def test_nobody_else_frames_the_gateway(world: World, window: Window, host: str, path: str) -> None:
    world.framed(path or world.launch(6, hash="rights"))
    window.open(world.named(host)).enter_frame()
    assert window.run("return location.href") == "chrome-error://chromewebdata/"


def test_a_manager_gives_a_key_by_a_click(world: World, window: Window) -> None:
    key = make_community_key(world.gateway.settings.embedded_database, GROUP)
    world.other.files["/xd_connection.js"] = (VK_SCRIPT % key).encode()
    world.framed(world.launch(1, hash="settings", viewer_type=4))
    window.open(world.named("vk.test")).enter_frame()
    window.wait_for("return window.VK && VK.callbacks.onGroupSettingsChanged && true")
    window.click("#ask")
    window.wait_for("return document.querySelector('.told') && true")
    assert window.text(".told") == "The key is kept."
    assert window.text("#key-state") == "given by user 1; it may: messages, groups"
    assert world.gateway.community_key(7) == key


def test_somebody_lets_the_app_do_more_by_a_click(world: World, window: Window) -> None:
    world.other.files["/xd_connection.js"] = (VK_SCRIPT % "").encode()
    world.framed(world.launch(6, hash="rights", api_settings=0))
    window.open(world.named("vk.test")).enter_frame()
    assert window.text("#rights") == "what everybody sees"
    window.wait_for("return window.VK && VK.callbacks.onSettingsChanged && true")
    window.click("#ask")
    window.wait_for("return document.querySelector('.told') && true")
    assert window.text("#rights") == "friends, photos, status, wall"


def test_a_page_of_2008_loads_its_data_as_scripts(world: World, window: Window) -> None:
    program = Program(world.app).log_in()
    queries = [
        f"{asked}&sid={program.sid}"
        for asked in ("act=friends&id=1&from=0&to=1", "friends=0-1", "act=nothing", "act=wall&id=1&from=0&to=1")
    ]
    scripts = "".join(f'<script src="{world.address}/data?{one}&back=reqs[0].resultFunc"></script>' for one in queries)
    page = "<script>var answers = [], reqs = [{resultFunc: function (a) { answers.push(a); }}];</script>" + scripts
    world.other.files["/old.html"] = page.encode()
    window.open(world.named("durov.test") + "/old.html")
    answers = window.wait_for("return answers.length === 4 && answers")
    host = world.address.removeprefix("http://")
    assert answers == [answer_of(program.raw(one, host)) for one in queries]
    assert (len(answers[0]), answers[2]) == (1, {"ok": 0})
