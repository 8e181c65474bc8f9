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
# # Informational surfaces
#
# An image of a data set can have been a desk. Where a person annotated it, somebody sat before it, went over it with a
# mouse, drew boxes and typed words. What of all that does a data set keep? Bruno Moreschi's film *Acapulco* shows **only
# the track of a crowdworker's mouse**, while they tagged and described an image, on white. Who looks at it refuses to
# look at the image, in order to see the work.
#
# Here you make such a track yourself, and then look at it alone. Moreschi takes the places over which a mouse goes most
# often as likely those that matter most to a person. That is a claim, and this notebook tests it, as far as a mouse can.
# At last it looks for **the hands that are in the data already**.
#
# *Informational surfaces* is a retraining exercise by Bruno Moreschi, made with crowdworkers. What the widget asks is in
# the kit's own words: the film shows what came of the exercise, and no prompt.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Folder, Ge, OtherStudy, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
images: Annotated[int, Ge(0)] = 3  # how many images to draw; 0 takes all of them
seed: Annotated[int, Ge(0)] = 7  # another seed draws other images, and other moves by chance
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # translation beside the English; en for none
boxes: Literal["data set", "own"] = "data set"  # beneath the tracks: the data set's, or those drawn with them
use: Literal["class", "publication"] = "class"  # where it is shown; what people did not agree to is left out
hands_study: OtherStudy = ""  # whose own traces of hands are shown at the end; when empty the same one
store_folder: Folder = ""  # where recordings are kept; when empty they are gone when the notebook is closed
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.analysis import study_replay, trajectories
from retrain_kit.answers import Store
from retrain_kit.display import figures
from retrain_kit.exercises.surfaces import figures as surfaces_figures
from retrain_kit.exercises.surfaces import informational_surfaces, widget
from retrain_kit.studies import sampling
from retrain_kit.widgets.replay import Replay

# %% [markdown]
# ## The study
#
# Whose boxes are they, and who drew them? The card says it as far as anybody has.

# %%
surfaces_figures.check_boxes(boxes)
opened = [
    fiftyone.open_study(name, accepted=accepted) for name in dict.fromkeys((study, hands_study or study))
]
manifest, dataset = opened[0]
figures.study_card(manifest, fiftyone.rejections(dataset))

# %%
drawn = sampling.draw_samples(fiftyone.samples(dataset), images, seed)
shown = informational_surfaces.images_to_tag(drawn, manifest)
print(f"{len(shown)} images to tag and to describe.")

# %% [markdown]
# ## Tag and describe
#
# Nothing is recorded before you press *Begin*. Then the kit keeps every place of your pointer on the image that the
# browser tells, often more than a hundred a second, each with its time; the widget lists what else. It records nothing
# beside the image but a drag that goes a little beyond its edge. Mouse, pen and finger all do. By keyboard, arrows move
# a small frame over the image; that way is kept too, but apart: it is no pointer.
#
# When you have finished, the image goes and your track comes in its place; look at it as it grew. It has left this page
# only once you keep it. Then it is kept under a pseudonym made at random, on this computer alone, and shown only where
# you agree. With your key, eight words, you can withdraw it. To refuse is an answer, and leaves no track at all.
#
# A track is personal. Hands have habits, and somebody who knows yours may know it again. Keep that in mind before you
# agree to have it published.

# %%
aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
exercise = informational_surfaces.InformationalSurfaces(
    Store(store_folder or f"{aside.name}/answers"), manifest.name
)
widget.Desk(exercise, shown, language)

# %% [markdown]
# ## What was said
#
# Run the cells from here on again whenever something was kept. As long as nothing was, they show tracks **made for
# demonstration: nobody's hand made them.** A rule did, and it says so: one made-up hand spans boxes that the data set has
# already, then waits, then rests on each of them; the other goes over the frame line by line and knows of no box.

# %%
seen = surfaces_figures.consented_recordings(exercise, drawn, f"{aside.name}/demonstration", use)
surfaces_figures.recordings_summary(seen, drawn)

# %% [markdown]
# ## Only the track
#
# No image went into these. Whatever lay beneath, the same hand leaves the same bytes. Beside each track is the map of
# where it stayed longest: for how many seconds, in each of its cells.

# %%
surfaces_figures.tracks_and_maps(seen, drawn, manifest)

# %% [markdown]
# The same hands as they went, all at once, each at its own times; boxes come when they were finished. In
# [Hidden work](16_hidden_work.ipynb) the annotations of a data set are replayed in this way. Do they have times of their own?

# %%
sittings = [each.recording for each in seen.recordings]
Replay(study_replay.recorded_replay(sittings, informational_surfaces.recordings_credit(seen)))

# %% [markdown]
# ## How it grew
#
# Four moments of each, the same time apart. The widget replays your own at the speed at which you made it.

# %%
surfaces_figures.track_growth(seen, drawn, manifest)

# %% [markdown]
# ## The claim, and chance
#
# *Where the mouse goes most is what mattered most.* If so, it should be inside the boxes for longer than its way would be
# by chance. The source says *most frequently*; the kit takes time for it, and counts the seconds inside and outside
# exactly: every stretch is cut where it crosses the edge of a box. Then it moves the whole track, its shape and its
# speeds as they are, to 999 random places on the frame, mirrored or not, and counts again. *p* is the share of these
# moves that have as much time inside or more. Several words are several tries; the last column is corrected for that.
#
# **A mouse is not an eye.** It waits while people read, and rests while they type. And whoever draws a box has to go
# there: of the boxes that people drew themselves the test finds the drawing first of all.

# %%
surfaces_figures.time_in_boxes(seen, drawn, seed, boxes)

# %% [markdown]
# ## The hands already in the data
#
# Some data sets kept more of their workers' hands than boxes. Open Images has, for some of its boxes, the four
# clicks on the outermost points of a thing from which the box was made, and for some masks the clicks that corrected them.
# Localized Narratives has the way of the mouse of people who spoke about an image. They come here as the same views.

# %%
hands_manifest, hands_dataset = opened[-1]
handed = sampling.draw_samples(fiftyone.samples(hands_dataset), images, seed)
surfaces_figures.traces_in_data_set(handed, hands_manifest)

# %% [markdown]
# ## What cannot be concluded
#
# - **What somebody saw, or thought.** A track is of a hand. Eyes go where no pointer goes, and a pointer rests where nobody
#   looks.
# - **What mattered most.** Where a pointer stayed longest may be where a word was hard to find, where the mouse was let go
#   of, or where a box was hard to draw.
# - **That boxes are what matters.** The test asks whether a hand was where boxes are. If hands and boxes both like the
#   middle of an image, that alone can make a small *p*.
# - **How well anybody works.** Slow is not careful, and fast is not careless. These tracks are not to be used to measure
#   people; the kit has no function that compares two of them.
# - **Anything of a device that was not there.** A finger leaves no way between two touches, a mouse does; a browser tells
#   as many places as it cares to. Tracks by different devices are not alike.
# - **Anything from a few tracks**, of the few who were here, and anything at all from those made for demonstration.
#
# Recordings can be written as Localized Narratives, with a second file for boxes, words, devices and focus paths:
# `exercise.export(folder, use)`. Such files, and a report of the kit, are deleted when something in them is withdrawn, where
# they still lie as they were written. A saved notebook is a copy: what is withdrawn later stays in it until it is run anew.
#
# ## Trajectories
#
# A card for each image: what the tables of the study say of its way into the data set, who says it, and what none of
# them says.

# %%
trajectories.trajectory_cards(drawn, manifest)
