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
# # Hidden work
#
# A machine that sees was shown, outline after outline, what there is to see. In Nicolas Gourault's *Unknown Label* (2023)
# an image appears only as people outline it, in one colour and then in many, until a city of their work stands there. In
# *The Eyes* (2025) he asks for a balance: to be "visible" on one hand, and on the other "protecting or rebuilding opacity".
#
# This notebook does both things with a study. **The replay** draws what was drawn, at the pace of published seconds, and
# never shows the image. **The city** gives each image a building, as high as the work in it.
#
# Nobody is shown, and nobody's time is compared with anybody's. What is made up says so.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
image: str = ""  # the image replayed by itself, by its id or file; that with most corners when empty
screens: Annotated[int, Ge(1)] = 6  # how many images are replayed at once, drawn by the seed
end: Literal["least", "most"] = "most"  # at which end of the published seconds it is played
factor: Annotated[float, Ge(0)] = 0.0  # how many times faster; 0 draws all within 40 seconds
machines: Literal["by hand", "at once"] = "by hand"  # what a machine drew: as if by hand, or there at once
order: Literal["largest", "listed", "lot"] = "largest"  # which drawing comes first, where nobody says
more_figures: File = ""  # a TOML with figures of your own, in the form of the kit's
seed: int = 7  # another seed draws other images
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import study_replay
from retrain_kit.batch import work_city, work_ledger
from retrain_kit.display import figures
from retrain_kit.reports import city_views
from retrain_kit.studies import sampling
from retrain_kit.widgets.replay import Replay

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %% [markdown]
# ## The replay
#
# ### One image
#
# The ground is empty. Each outline comes as a hand drew it, or might have drawn it; the clock beside it counts somebody's
# seconds, by figures that others have published of like work. When all of it is there, it is coloured by its labels, and
# then by the data set's words for who made it; the clock stands meanwhile.
#
# Press *Play*, or step from drawing to drawing. Does the scene become legible? When did you know what it is?

# %%
every = fiftyone.samples(dataset)
chosen = work_ledger.choose_figures([Path(more_figures)] if more_figures else [])
played = {"end": end, "factor": factor, "order": order, "seed": seed, "by_hand": machines == "by hand"}

# %%
marked = manifest.meant_id(image) if image else ""
named = study_replay.choose_samples(every, [marked] if marked else [])
one = study_replay.make_replay(named or study_replay.most_drawn(every), manifest, chosen, **played)
Replay(one)

# %% [markdown]
# ### Many images at once
#
# Each screen has a pace of its own, and the clock below is the sum of all of them. They begin together. Some are done at
# once, and stand there while others go on.

# %%
drawn = sampling.draw_samples(every, screens, seed)
many = study_replay.make_replay(drawn, manifest, chosen, **played)
Replay(many)

# %% [markdown]
# On a wall: `retrain-kit replay STUDY -o replay.html`. For a talk, as a film without sound that plays everywhere:
# `retrain-kit replay STUDY --image ID -o replay.png`. No image is in either file.
#
# ### What is known of it, and what is made up
#
# Few data sets keep the traces of hands. Where clicks are kept, they come in their order. Where a voice and a pointer were
# recorded, the pointer goes its way at its own times. All else has to be made up to be seen, and here is how.

# %%
many.note

# %% [markdown]
# ## The city
#
# Each image is a house. It is solid as high as the least time that published figures give for its annotations, and glass from
# there up to the most: what is true lies between, and nobody measured it. Its colours say how annotations were made, as the
# source says it. It stands in the district of the label with the largest area in it; its other labels are upright stripes.
#
# What a machine made took no annotator's time, and its plot is bare. Where machines made all of it, glass stands there as high
# as it would be had hands made it.

# %%
built = work_city.study_city(manifest, chosen, accepted=accepted)
city_views.city_note(built.city, built.title)

# %%
city_views.city_figure(built.city, manifest, marked)

# %% [markdown]
# The same as a table. In each district the lowest houses stand along the streets and the highest in the middle, where
# few others hide them.

# %%
city_views.district_table(built.city)

# %% [markdown]
# To walk in it: `retrain-kit city STUDY -o city.html`, one file, up to the millions of images of a whole data set. A flight
# through it, for a talk: `retrain-kit city STUDY -o flight.apng`. How long is a walk past all of it, one image a second? And how
# long did others stand where you pass in a second?
#
# ## What cannot be concluded
#
# - **That it went like this.** Which outline came first, where the hand began and where it rested, is hardly ever known.
# - **How long it took.** The seconds are other people's, of like work, in other years. At their other end it is another film.
# - **That one person did it.** The hand in the film is one; how many hands there were, the data set may not say.
# - **That a high house is good work, or a low one bad.** Heights are of tasks, by other people's times, and not of people.
# - **What the image shows.** You saw what somebody was asked to outline. What had no word was not asked for.
# - **That a machine's outline is nobody's work.** It learned from outlines. Those are in another data set.
