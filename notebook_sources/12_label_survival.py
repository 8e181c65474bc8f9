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
# # What a machine sees in the residue
#
# Machines learned from labels that people gave. Take out of an image what was tagged, and ask a machine again: does its
# word survive without its thing? Is what it saw in the tags, or around them? And what does it find where nobody tagged
# anything?
#
# A word may go because the thing is gone. It may also go because a large part of any image is gone. So there is a
# **control**: the same mask, moved elsewhere in the image. A share without its control says little.
#
# The machines are guests. They run on this machine, and nothing is sent anywhere. None recognises a face. What they say is
# no truth about an image: it is what they were taught, by somebody's labels, and their cards below say by whose, as far as
# that is known.
#
# **Content notice.** A word for people that a machine says is veiled, as in notebook 10: ▒▒▒ stands in its place. It is
# shown where `accepted` is set to True. People are made coarse in the images below, as far as they are tagged or found.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
classifier: str = "efficientnet-lite3"  # a model that classifies: its name or the path of its card; or empty
detector: str = "ssd-mobilenet-v2"  # a model that detects: its name or the path of its card; or empty
fills: list[str] = ["white", "mean grey", "blur"]  # what takes the place of what is gone; also a colour
shape: Literal["box", "outline"] = "box"  # what is covered: the boxes, or outlines where there are any
draws: Annotated[int, Ge(1)] = 4  # how often the mask is moved elsewhere in each image
move: Literal["wrapped", "inside"] = "wrapped"  # how: over the edge and in again, or within the frame
seed: Annotated[int, Ge(0)] = 7  # another seed moves the masks elsewhere
images: Annotated[int, Ge(1)] = 3  # how many images are shown
label_system: str = ""  # WordNet's folder, a hierarchy, a CSV, to know which words are for people
accepted: bool = False  # I have read the content notice: show all words
people: Literal["veiled", "shown"] = "veiled"  # whether people are made coarse in images

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import people_in_images, veiled_study
from retrain_kit.datasets import label_systems, study_systems
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.models import asking, inviting, survival_figures, survival_tables

# %%
manifest, samples, rejected = fiftyone.read_study(study)  # words are veiled below
system = label_systems.read_label_system(Path(label_system)) if label_system else None
taxonomy = study_systems.read_study_system(manifest, samples)[0] if system is None else system
ids = label_systems.sense_ids(Path(label_system)) if label_system else {}
veil = veiled_study.StudyVeil(taxonomy, ids=ids, lifted=accepted)
shown = veil.samples(samples)
figures.study_card(veil.manifest(manifest), veil.rejections(rejected))

# %% [markdown]
# ## How images are shown
#
# Each image is shown whole; without what was tagged (the *residue*); what was *taken* alone; and as the mere *shape* of the
# hole, white on black, with nothing of the image in it. A word that the shape brings back would be a word for a hole.
#
# The control has to be read with care. Where most of an image is tagged, the moved mask covers much of the same: it takes
# the thing away as well. How much it still covers, the mean over images, stands here.

# %%
trial = asking.Trial(tuple(fills), draws, seed, shape, move)
survival_tables.trial_note(samples, trial)

# %% [markdown]
# ## The guests
#
# A guest's weights are no part of this kit. Where they are not here, the card says what to type, and everything below that
# needs no guest is shown all the same. A model of your own is a guest, too: its card, a file of a few lines, says where it
# is and which words it has. `retrain-kit models` lists the cards that there are.

# %%
invited = inviting.invite_guests([(classifier, "classify"), (detector, "detect")])
stack_views(invited.notes)

# %% [markdown]
# Now they are asked, of each image as often as there are views. What they said is kept, so that a second run takes no time
# and one that was stopped goes on where it was.

# %%
by_id = {sample.id: under for sample, under in zip(samples, shown, strict=True)}
readings = [
    survival_tables.Reading(
        asking.ask_guest(guest, samples, trial),
        guest.card.labels.shown(system, accepted=accepted),
        by_id,
    )
    for guest in invited.guests
]
survival_tables.left_out_note(readings, veil.told)

# %% [markdown]
# ## Does the word survive without its thing?
#
# *Its word* is what a guest says of the whole image: of a classifier its first word, of a detector all words that it has
# boxes for. It *survives* where the guest says it of the view, too. *More lost than in the control* is counted image by
# image, in points: what goes with the thing itself, beyond what goes with any hole of this size. An interval that holds 0
# leaves open whether there is any difference. Where fewer than five images differ from nothing, there is no interval (–).

# %%
stack_views(survival_tables.each_reading(readings, survival_tables.survival_table))

# %% [markdown]
# That no difference can be seen is a result, too. It is not the result that there is none.

# %%
stack_views(survival_tables.each_reading(readings, survival_tables.loss_note))

# %% [markdown]
# ### By the annotators' labels
#
# The rows are words of those who tagged, the shares are about the machine's own word, whatever it is. An image with several
# labels counts under each. Behind a row stand few images; see how many.

# %%
stack_views(survival_tables.each_reading(readings, survival_tables.label_table))

# %% [markdown]
# ## What does the machine find where nobody tagged anything?
#
# A word can be in a residue because its thing was there and nobody tagged it; because what is around a thing is enough for
# the word; or because of the hole. In the last case it should come in the control as well.

# %%
stack_views(survival_tables.each_reading(readings, survival_tables.found_table, fills[0]))

# %% [markdown]
# ## Where machine and annotators part ways
#
# Where a detector is here, the images are those over which it and the annotators agree least about *where* something is:
# of all that one or both have a region for, most has only one of them. No word has to be the same for that. Else they are
# drawn by chance. Neither side is right by that; each was asked for a list of words.

# %%
everyone = people_in_images.people_of_study(manifest, taxonomy, veil.veil, ids)
coarse = everyone if people == "veiled" else None
album = survival_figures.Album(samples, shown, trial, veil.manifest(manifest), readings, coarse, veil.told)
places = survival_figures.drawn_places(album, images)
stack_views(survival_figures.parting_figures(album, places))

# %% [markdown]
# The same images as the guests were shown them. Under each view stands what they said of it. People were *not* coarse in
# what the guests saw.

# %%
stack_views(survival_figures.view_figures(album, places, fills[0]))

# %% [markdown]
# ## What cannot be concluded
#
# - **That a machine knows what it names.** It has a list of words, and must say one of them.
# - **That a word that survives was never about its thing.** What was tagged may be more, or less, than the thing.
# - **That the control is fair.** A hole elsewhere leaves more of the thing the smaller the thing is. Another rule for moving
#   it gives another share: set `move` to the other one and compare.
# - **Anything about other machines.** Another model, trained on other labels, or shown images at another size, says
#   something else.
# - **That who was not found is not there.** Detectors miss people; small ones most of all.
# - **Anything about images outside this study.** Intervals are over its images.
