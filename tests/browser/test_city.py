"""The page of a city in a real browser: its sums, its houses, hands, keys, and what is there without WebGL."""

import numpy as np
import pytest
from accessibility import grave
from small_studies import study
from waiting import holds, until

from retrain_kit.analysis.city import Houses, Storey, build_city
from retrain_kit.display import assets
from retrain_kit.reports.city import CityPage, city_html, making
from retrain_kit.studies import labour_figures
from retrain_kit.studies.quantities import Quantity
from retrain_kit.studies.quantity_words import in_words

HOSTILE = "<img src=x onerror=\"document.title='mine'\"></script><script>document.title='mine'</script>"
LABELS = ("cat", HOSTILE, "כלב גדול", "very " * 60 + "long", "dog")
FIGURES = labour_figures.load_figures()
STOREYS = tuple(
    Storey.of(*kind, FIGURES) for kind in (("box", "hand"), ("box check", "checked"), ("box", "machine"))
)


def a_city(images=60, seed=1, labels=LABELS):
    """Images with a few pieces of work each, most of them under the first label."""
    random = np.random.default_rng(seed)
    many = random.integers(0, min(len(labels), 4), images)
    flat = [random.choice(len(labels), size, replace=False) for size in many]
    starts = np.concatenate([[0], np.cumsum(many)])
    counts = random.integers(0, 9, (images, 3)).astype(np.uint32)
    ids = [f"i{number}{HOSTILE}" for number in range(images)]
    numbers = np.concatenate([*flat, []]).astype(np.int32)
    return build_city(Houses(ids, STOREYS, counts, labels, starts.astype(np.int64), numbers))


@pytest.fixture
def written(tmp_path):
    """Return the function that writes the page of a city and gives its address."""

    def write(city):
        (tmp_path / "images").mkdir(exist_ok=True)
        path = tmp_path / "city.html"
        path.write_bytes(
            city_html(CityPage(HOSTILE, "retrain-kit city mine", study(tmp_path, []), city, FIGURES))
        )
        return path.as_uri()

    return write


def drawn(page):
    page.locator("#city[data-frames]").wait_for()
    return page.locator("#city")


def pinch(page, box, start, end):
    """Put two fingers on the middle, so far from it, and draw them apart, or together."""
    middle, row = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hands = page.context.new_cdp_session(page)

    def touch(kind, *away):
        points = [{"x": middle + each, "y": row, "id": place} for place, each in enumerate(away)]
        hands.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -start, start)
    touch("touchMove", -(start + end) / 2, (start + end) / 2)
    touch("touchMove", -end, end)
    touch("touchEnd")


def test_a_city_is_walked_by_hand_and_by_keys_and_each_house_leads_to_its_image(visit, written):
    city = a_city()
    page = visit(written(city), viewport={"width": 700, "height": 800}, color_scheme="dark")
    canvas = drawn(page)
    assert page.title() == f"{HOSTILE}: a city of work"
    for name, time in (("low", city.time.low), ("high", city.time.high)):
        assert float(canvas.get_attribute(f"data-{name}")) == pytest.approx(time)
    box = canvas.bounding_box()
    for share in (0.5, 0.55, 0.6, 0.65, 0.7):
        canvas.click(position={"x": box["width"] / 2, "y": box["height"] * share})
        if int(canvas.get_attribute("data-chosen")) >= 0:
            break
    house = int(canvas.get_attribute("data-chosen"))
    assert page.locator("#about h2").inner_text() == f"Image {city.ids[house]}"
    told = page.locator("#about").inner_text()
    assert city.district_of(house).label[:60] in told
    assert f"retrain-kit city mine --house {house + 1}" in told
    away = float(canvas.get_attribute("data-away"))
    pinch(page, box, 30, 60)
    until(lambda: float(canvas.get_attribute("data-away")) == pytest.approx(away / 2))
    assert canvas.get_attribute("data-chosen") == str(house)
    canvas.focus()
    page.keyboard.press("N")
    assert page.locator("#about h2").inner_text() == f"Image {city.ids[(house + 1) % 60]}"
    for key in ("ArrowUp", "q", "+"):
        frames = int(canvas.get_attribute("data-frames"))
        page.keyboard.press(key)
        until(lambda before=frames: int(canvas.get_attribute("data-frames")) > before)
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.get_by_role("button", name="Walk past it").click()
    page.locator("#clock", has_text=" of 60. Still ").wait_for()
    page.get_by_role("button", name="Without glass").click()
    assert page.get_by_role("button", name="Without glass").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="From afar").click()
    assert page.get_by_role("button", name="Walk past it").get_attribute("aria-pressed") == "false"
    assert not page.locator("#clock").is_visible()
    assert grave(page) == []
    last = page.locator("tfoot tr").inner_text()
    assert last.split("\t")[1:] == [
        in_words(city.time),
        "60",
        f"{city.counts.sum():,}",
        "0",
        in_words(Quantity.seconds(*[city.by_hand_s.sum()] * 2)),
    ]
    loss = "document.getElementById('city').getContext('webgl2').getExtension('WEBGL_lose_context')"
    page.evaluate(f"window.loss = {loss}; window.loss.loseContext()")
    page.get_by_text("The browser has stopped drawing the landscape").wait_for()
    assert page.locator("#instead img").is_visible()
    page.evaluate("window.loss.restoreContext()")
    canvas.wait_for()
    assert not page.locator("#instead").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#instead img").is_visible()
    assert not canvas.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_webgl_a_still_and_the_table_are_the_page(open_page, written):
    address = written(a_city(7))
    with open_page() as page:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto(address)
        page.get_by_text("This browser cannot show the landscape").wait_for()
        assert page.locator("#instead img").is_visible()
        assert page.locator("tbody tr").count() >= 2
        assert not page.locator("#room").is_visible()
        assert grave(page) == []


WALK = """async ({ text, colours }) => {
  const city = await readCity(text);
  const places = [];
  for (let house = 0; house < city.houses; house += 1) {
    const district = city.districtOf(house);
    const [column, row] = city.lotOf(district, house);
    if (city.houseAt(district, column, row) !== house) throw new Error(`house ${house}`);
    const { left, top } = city.placeOf(district, 1, column, row);
    const found = city.find(left + 0.5, top + 0.5);
    if (found?.district !== district || found.column !== column || found.row !== row) throw new Error(`lot of ${house}`);
    places.push([left, top]);
  }
  const volumes = [0.1, 5, 40, 1e9].map((finest) => {
    const blocks = new Blocks(city, colours, [0, 0, 0], 12);
    const many = blocks.make({ x: 1e-3, y: 1e-3, z: 50, focal: 500, finest, sees: () => true });
    let low = 0;
    let high = 0;
    for (let at = 0; at < many; at += 1) {
      const [left, top, right, bottom, , , solid, top_m] = blocks.data.subarray(at * FLOATS, at * FLOATS + 8);
      low += (right - left) * (bottom - top) * solid;
      high += (right - left) * (bottom - top) * top_m;
    }
    const cubic = (city.lot ** 2 * 12) / 60;
    return [many, low / cubic, high / cubic, blocks.low, blocks.high];
  });
  return { places, labels: city.labels, stripes: places.map((_, house) => city.stripesOf(house)), volumes };
}"""


def test_the_page_has_each_house_where_python_has_it_and_blocks_have_their_volume(visit):
    page = visit("about:blank")
    script = "".join(assets.inlined_script(making.FOLDER / name) for name in ("city.js", "blocks.js"))
    page.add_script_tag(
        content=f"{script}\nObject.assign(window, {{ readCity, Blocks, FLOATS }});", type="module"
    )
    holds(page, "() => Boolean(window.Blocks)")
    colours = {"hand": [0, 0, 0], "checked": [0, 0, 0], "machine": [0, 0, 0]}
    for images, labels in ((1, ("a",)), (3, ("a", "b")), (90, LABELS), (2500, tuple(map(str, range(400))))):
        city = a_city(images, images, labels)
        text = making.packed_city(city, {})
        found = page.evaluate(WALK, {"text": text, "colours": colours})
        assert found["places"] == city.places.tolist()
        assert found["labels"] == [" ".join(label.split()) for label in city.labels]
        assert [[city.labels[each] for each in stripes] for stripes in found["stripes"]] == [
            city.other_labels(house)[:3] for house in range(len(city))
        ]
        boxes = [many for many, *_ in found["volumes"]]
        assert boxes == sorted(boxes, reverse=True)
        for _, *sums in found["volumes"]:
            # A house in which the eye stands is not drawn, and its work is counted all the same.
            assert sums[2:] == pytest.approx([city.time.low, city.time.high])
            inside = city.places.tolist().index([0, 0]) if [0, 0] in city.places.tolist() else None
            missing = (0, 0) if inside is None else (city.low_s[inside], city.high_s[inside])
            assert any(
                sums[:2] == pytest.approx([city.time.low - low, city.time.high - high], rel=1e-4, abs=1e-2)
                for low, high in ((0, 0), missing)
            )
