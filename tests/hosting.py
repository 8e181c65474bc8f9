"""A plain page that hosts one widget, with the kernel's half of it in the test."""

import base64
import json
from contextlib import contextmanager

from serving import Serving

from retrain_kit.exercises.conversation.widget import Talk
from retrain_kit.exercises.living_with_images.returns.widget import GiveBack
from retrain_kit.exercises.living_with_images.widget import Descriptions
from retrain_kit.exercises.own_time.widget import Workplace
from retrain_kit.exercises.polyphony.widget import RoundTable
from retrain_kit.exercises.recoding_art.widget import Works
from retrain_kit.exercises.surfaces.widget import Desk
from retrain_kit.exercises.what_if.widget import BlankAreas
from retrain_kit.widgets.brush import Brush
from retrain_kit.widgets.compare import Compare
from retrain_kit.widgets.replay import Replay
from retrain_kit.widgets.review import ReviewGrid
from retrain_kit.widgets.roulette import Roulette

WIDGETS = {
    "brush": Brush,
    "compare": Compare,
    "conversation": Talk,
    "descriptions": Descriptions,
    "own_time": Workplace,
    "polyphony": RoundTable,
    "recoding_art": Works,
    "replay": Replay,
    "returns": GiveBack,
    "review": ReviewGrid,
    "roulette": Roulette,
    "surfaces": Desk,
    "what_if": BlankAreas,
}

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A widget</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="widget.css">
<style>:root { color-scheme: light dark; } body { background: Canvas; }</style>
<body>
<script type="module">
import widget from "./widget.js";

class Model {
  constructor(state) { Object.assign(this, { state, saved: {}, sent: [], handlers: [] }); }
  get(name) { return this.state[name]; }
  set(name, value) {
    if (this.state[name] === value) return;
    this.state[name] = this.saved[name] = value;
    this.tell(`change:${name}`);
  }
  tell(event, value) { for (const [e, handler] of [...this.handlers]) if (e === event) handler(value); }
  send(content) { this.sent.push(content); }
  save_changes() {}
  take(state) {
    for (const [name, value] of Object.entries(JSON.parse(state, revive))) {
      const same = JSON.stringify(this.state[name]) === JSON.stringify(value) && name !== "turn";
      if (!same) { this.state[name] = value; this.tell(`change:${name}`); }
    }
  }
  on(event, handler) { this.handlers.push([event, handler]); }
  off(event, handler) { this.handlers = this.handlers.filter(([e, h]) => e !== event || h !== handler); }
}

function revive(name, value) {
  if (typeof value?.base64 !== "string") return value;
  return new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0)).buffer);
}

window.mount = (state) => {
  const model = new Model(JSON.parse(state, revive));
  const el = document.body.appendChild(document.createElement("div"));
  return { model, el, cleanup: widget.render({ model, el }) };
};
window.urls = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => { const url = createObjectURL(blob); urls.add(url); return url; };
URL.revokeObjectURL = (url) => { urls.delete(url); revokeObjectURL(url); };
</script>
"""


@contextmanager
def hosting(name, folder):
    """Serve the page with a widget's script and style, as a notebook gets them; give its address."""
    files = {
        "index.html": ("text/html", PAGE),
        "widget.js": ("text/javascript", WIDGETS[name]._esm),
        "widget.css": ("text/css", WIDGETS[name]._css),
    }
    with Serving(folder) as server:
        for file, (kind, text) in files.items():
            (folder / file).write_text(text, encoding="utf-8")
            server.headers[file] = {"Content-Type": f"{kind}; charset=utf-8"}
        yield server.url("index.html")


class Hosted:
    """A widget on the page, and the kernel's half of it beside."""

    def __init__(self, page, kernel, traits):
        encoded = json.dumps(kernel.get_state(traits), default=_encoded)
        self.page, self.kernel = page, kernel
        self.kernel.send = self.answer
        self.handle = page.evaluate_handle("(state) => mount(state)", encoded)
        self.root = page.locator(".rk-widget").last

    def answer(self, content):
        """Hand what the kernel sends to the browser."""
        self.handle.evaluate("({ model }, content) => model.tell('msg:custom', content)", content)

    def pass_on(self, *, follow=()):
        """Hand what the browser has sent to the kernel, and the traits to follow back; return what was sent."""
        sent = self.handle.evaluate("({ model }) => model.sent.splice(0)")
        for content in sent:
            self.kernel._receive(None, content, [])
        for name in follow:
            self.set(name, getattr(self.kernel, name))
        return sent

    def trait(self, name):
        return self.handle.evaluate("({ model }, name) => model.get(name)", name)

    def set(self, name, value):
        self.handle.evaluate("({ model }, [name, value]) => model.set(name, value)", [name, value])

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)


def _encoded(data):
    return {"base64": base64.b64encode(data).decode()}
