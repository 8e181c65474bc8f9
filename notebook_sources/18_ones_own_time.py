# ---
# jupyter:
#   jupytext:
#     formats: notebooks//ipynb,notebook_sources//py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # One's own time
#
# How long is *7 seconds for a box*? Notebook 15 lays such figures over whole data sets. Here you take the place of whoever
# they were measured of: you annotate an image yourself, and a clock runs that belongs to you.
#
# It is no test, and nobody wins. Your seconds stand beside the published ones, never beside another person's: the kit has no
# function that takes the times of two people. What you see is how such a figure feels from the inside, and how much
# of the work it leaves out: looking, hesitating, searching for a word, doing it again.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Folder, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
images: Annotated[int, Ge(0)] = 3  # how many images to draw; 0 takes all of them
seed: Annotated[int, Ge(0)] = 7  # another seed draws other images
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # the language that the widget starts in
more_figures: File = ""  # a TOML with figures of your own, in the form of the kit's
only_figures: list[str] = []  # only the figures with these ids; all of them when empty
store_folder: Folder = ""  # where what you keep is kept; when empty it is gone when the notebook is closed
written_folder: Folder = ""  # where what you drew is written as a study and as COCO; nowhere when empty
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.analysis import own_pace
from retrain_kit.answers import Store
from retrain_kit.batch import work_ledger
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.own_time import demonstration, own_time, widget

# %%
from retrain_kit.exercises.training import drawn_annotations
from retrain_kit.reports import charts, ledger_views, pace_views
from retrain_kit.studies import sampling

# %% [markdown]
# ## The study

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
chosen = work_ledger.choose_figures([Path(more_figures)] if more_figures else [], only_figures)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %%
drawn = sampling.draw_samples(fiftyone.samples(dataset), images, seed)
shown = own_time.images_to_draw(drawn, manifest)
print(f"{len(shown)} images to annotate.")

# %% [markdown]
# ## Annotate
#
# Draw boxes from corner to corner; or by *extreme clicks*, on the topmost, leftmost, bottommost and rightmost point of a
# thing, as many boxes of Open Images were made; or outlines, point by point, as in COCO. Give each a word, and words to
# the whole image. Mouse, pen and finger all do, and keys alone are enough.
#
# The clock is in one rule, which stands in the widget. It notes *that* you do something and at what, never where your
# hand is nor which key it was. The kernel on this computer counts, and keeps nothing of it. **Nothing is kept before you
# agree to it, and seconds only where you agree to that too.** What is kept has a pseudonym made at random. With your key,
# eight words, you withdraw it to the last byte.

# %%
aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
exercise = own_time.OwnTime(Store(store_folder or f"{aside.name}/answers"), manifest.name)
desk = widget.Workplace(exercise, shown, chosen, language)
desk

# %% [markdown]
# ## Your seconds, beside published ones
#
# Run the cells from here on again once you have kept something; if you kept it another day, type your key in the widget
# first. As long as nobody has, they show **times made for demonstration: nobody took them.** A rule did, so many seconds
# for each point.
#
# *Active* is the least and the most of your own pieces. A pause of more than ten seconds is *idle*, and stands by itself:
# only you know whether it was thinking, or the door.

# %%
kept = [each.drawing for each in exercise.drawings(desk.who)]
paces = own_pace.own_paces(kept or demonstration.example_drawings(drawn), chosen)
pace_views.pace_table(paces, demonstration=not kept)

# %% [markdown]
# The same on a line of seconds: each dot is a piece of yours, each bar what somebody has published of like work. A step to the
# right is twice as long.

# %%
charts.own_seconds(paces, manifest, demonstration=not kept)

# %% [markdown]
# What do the published figures count? Some the clicks alone, some the whole task with its checks, some the download of the
# image as well. Of a word for an image nobody has published a figure that the kit knows.

# %%
laid = {figure.id for pace in paces for figure in pace.figures}
ledger_views.figures_table([figure for figure in chosen if figure.id in laid])

# %% [markdown]
# ## What an hour would have earned
#
# Two ways to pay. *By the hour*: what researchers claim that they paid, and what was measured, which counts the unpaid search
# for tasks, and work that was sent back. *By the piece*, as such work is mostly paid: a piece is worth what others got for it
# in their time, and your hour holds as many pieces as your own active seconds allow. Who needs longer earns less; who thinks
# earns nothing meanwhile. The interval is as wide as the published seconds are: choose figures by `only_figures` that count
# what you did, and it narrows.

# %%
pace_views.hour_table(paces, chosen, demonstration=not kept)

# %% [markdown]
# ## What you drew is an annotation like any other
#
# Where you agreed to that, it can be written as a study, with a file of COCO beside it: state a `written_folder`. The
# annotator is your pseudonym, the annotation source *hand*. `retrain-kit decanonize` takes exactly your areas out. When you
# withdraw, these files go. What was made of them by then does not, as a decanonized image, or a dataset that FiftyOne made of
# the study. `retrain-kit training STORE --as fiftyone` writes it into a field of the study's own dataset, where a
# withdrawal reaches it.

# %%
mine = drawn_annotations.drawn_samples(drawn, own := exercise.drawings(desk.who))
if written_folder and mine:
    print(drawn_annotations.write_drawn(exercise, drawn, manifest, Path(written_folder), desk.who))
nothing = figures.Note("Nothing of yours is kept here.", ())
views = [
    *figures.all_three_views(mine, manifest, shape="outline"),
    *drawn_annotations.unfit_notes(drawn, own),
]
stack_views(views or [nothing])

# %% [markdown]
# ## What cannot be concluded
#
# - **That you are fast, or slow.** You are one person, at a few images that you chose nothing of, on one day.
# - **That their work was like yours.** They did it for hours, on images that somebody else chose, for pay, and could be turned
#   down.
# - **That idle is not work.** The rule draws a line at a number of seconds, since any clock has to draw one somewhere.
# - **That the published interval is the true one.** It holds what somebody has measured of somebody, and counts
#   different things.
# - **What the hour was worth.** By the piece is a sum over figures of different years and places: it shows how such pay works,
#   not what anybody got.
# - **Anything of anybody else.** These times are yours.
