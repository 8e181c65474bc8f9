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
# # Start here
#
# Computer vision learns from images in which people and machines tagged what counts. This kit turns that around: it asks
# what is left when the tagged is taken out, who put the tags there, and what else could be said of an image.
#
# Run the cells one after the other with <kbd>Shift</kbd>+<kbd>Enter</kbd>. Three ways lead on from here: for those who
# **study** a data set, for those who **teach** with one, and for those who work through **all of it**.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Ge, Le, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
images: Annotated[int, Ge(1), Le(12)] = 1  # how many images to draw
seed: int = 7  # another seed draws other images
fill: Fill = "white"  # what takes the place of the tags: a colour, transparent, blur or pixelate
shape: Literal["box", "outline"] = "box"  # the boxes, or polygons and masks where there are any
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.display import figures
from retrain_kit.studies import sampling
from retrain_kit.widgets.compare import Compare

# %% [markdown]
# ## A study
#
# A study is a list of images: which ones, why, under which licence, annotated by whom. Its card says what is known, and
# what nobody has said. All notebooks open the study that their first cell names; change the name, and run them again.

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %% [markdown]
# ## One image, three times
#
# **Tagged**, with the annotations drawn on it. **Decanonized**, without what was tagged. **Taken**, only what the tags
# hold. Lay two of them side by side, or flip between them. What do you look at first once the tagged areas are gone?
#
# *Decanonization* is a work programmed by Bernardo Fontes with Bruno Moreschi; the word and the gesture are theirs.

# %%
tagged = [sample for sample in fiftyone.samples(dataset) if sample.regions]
drawn = sampling.draw_samples(tagged, images, seed)
Compare(figures.all_three_views(drawn, manifest, fill, shape)) if drawn else figures.Note(
    "No annotation of this study has a place in an image: there is nothing to take out, and nothing taken.",
    (),
)

# %% [markdown]
# ## If you study data sets
#
# | notebook | asks |
# |---|---|
# | [01 Tagged and decanonized](01_tagged_and_decanonized.ipynb) | What is left once everything that was asked for is gone? |
# | [02 Who made this](02_who_made_this.ipynb) | Who made the annotations, and who has never said? |
# | [03 Trajectories](03_trajectories.ipynb) | Where was an image before it was data? |
# | [04 The residue of a data set](04_the_residue_of_a_data_set.ipynb) | What is left of a million images? |
# | [09 Two studies](09_two_studies.ipynb) | What did the annotators of one see, and those of the other not? |
# | [10 Labels and people](10_labels_and_people.ipynb) | What does a data set call people, and what was withdrawn? |
# | [11 Words and absence](11_words_and_absence.ipynb) | What was written, and is in no box? For what is there no word? |
# | [12 What a machine sees in the residue](12_label_survival.ipynb) | Does the word survive without its thing? |
# | [13 Recoding Art](13_recoding_art.ipynb) | What do machines say of what is no thing, and what do people? |
# | [14 Does a range know more?](14_does_a_range_know_more.ipynb) | Is there more in a range than in a label? |
# | [15 The ledger](15_the_ledger.ipynb) | How much of whose time is in it? |
# | [16 Hidden work](16_hidden_work.ipynb) | What does an image look like as it is outlined? |
# | [17 Training humans](17_training_humans.ipynb) | Where do data sets of people come from, and was anybody asked? |
# | [18 One's own time](18_ones_own_time.ipynb) | How long is seven seconds, from the inside? |
# | [19 Voices](19_voices.ipynb) | Who says how it was made, and under which terms? |
#
# Your own data set becomes a study with one command, in a terminal: `retrain-kit study FOLDER`. Then state its name in the
# first cell of any notebook. `retrain-kit report 01 --study NAME` runs a notebook and writes a page to read and to send;
# `retrain-kit nutrition-label NAME -o label.pdf` writes one page that says what is in it, to print and pin beside it.
#
# ## If you teach
#
# | notebook | asks |
# |---|---|
# | [05 What If…?](05_what_if.ipynb) | What else could be there, and how likely, for whom? |
# | [06 Polyphony](06_polyphony.ipynb) | What survives when everybody rewrites everybody? |
# | [07 Informational surfaces](07_informational_surfaces.ipynb) | Is where the mouse goes what mattered? |
# | [08 Living with images](08_living_with_images.ipynb) | What does one see who stays? |
#
# Each person can do these in a notebook of their own, also on Binder, and download what they said; `retrain-kit merge`
# brings the files together. A class in one room does them at once, on phones: `retrain-kit class` on your laptop, with a
# projector. The page of the class does not run on Binder, which forwards to Jupyter alone. Start it on your own machine;
# `docs/classroom.md` says how people get in. Where there is no network, `retrain-kit handout` makes a page that needs no
# server: it works offline, and its answers come back as a file.
#
# `retrain-kit plan -o plan.pdf` writes a teaching plan, `retrain-kit sheets` cards to print. Look at every image before you
# hand it out: `retrain-kit review`.
#
# ## If you work through all of it
#
# | command | does |
# |---|---|
# | `retrain-kit decanonize` | takes out of all images what their tags cover; what comes out is a study again |
# | `retrain-kit coverage` | measures how much of every image is tagged |
# | `retrain-kit mosaic` | shows all images as one |
# | `retrain-kit duplicates` | finds the same image in several studies |
# | `retrain-kit training` | writes what people said, for machines, with its datasheet |
#
# Each says with `--help` what it takes. What is interrupted goes on where it was.
#
# ## What cannot be concluded
#
# - **What a data set is like, from one image of it.** Chance drew it. Another seed draws another.
# - **That what is left is empty.** Nobody was asked to see it; that is all.
# - **That a card is complete because it is long.** It says what somebody has written down.
