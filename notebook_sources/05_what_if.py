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
# # What If…?
#
# A tag is one word for a thing. *What If…?* asks for another one. The tagged areas of an image are taken out; a person
# looks at what is left, and adds to a list what **might** exist in the blank area, and how likely it seems. Nobody fills
# the hole. The list grows, and what comes out is a **range**: many options, each with its degrees of probability, and
# with the spread between the people who said them.
#
# The list does not begin empty. The first ten options were written for a blank area of **sky**, and stand where a study
# says that it is sky. Elsewhere a study has lists of its own, with what fits there and who wrote it; where it has none,
# the list is empty, and the first person begins it.
#
# On the list there is an elephant. It stays outside the range until a person lets it in, and the kit keeps who did. Where
# an elephant would be likely, something else stands in its place.
#
# *What If…?* is an exercise by Bruno Moreschi, made with crowdworkers; prompts and the list for the sky are his, to the
# letter. Where one of his sentences would not be true, the kit says so and puts its own. *Decanonization* is a work programmed by
# Bernardo Fontes with Bruno Moreschi.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Folder, Ge, Le, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
images: Annotated[int, Ge(0)] = 4  # how many images with blank areas to draw; 0 takes all of them
names: list[str] = []  # the ids of the images to ask about, in place of a draw
most_blank: Annotated[int, Ge(1), Le(100)] = 80  # in per cent: no image with more of it blank is asked about
seed: int = 7  # another seed draws other images
per: Literal["image", "hole"] = "image"  # image: its blank areas together; hole: each connected one by itself
fill: Fill = "white"  # what takes the place of the tags: a colour, transparent, blur or pixelate
shape: Literal["box", "outline"] = "box"  # the boxes, or polygons and masks where there are any
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # translation beside the English; en for none
store_folder: Folder = ""  # where answers are kept; when empty they are gone when the notebook is closed
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.answers import Store
from retrain_kit.display import figures
from retrain_kit.exercises.what_if import areas, asked_images, start_lists, what_if
from retrain_kit.exercises.what_if.widget import BlankAreas

# %% [markdown]
# ## The study
#
# What is missing below was taken out because it had been tagged. The card says by whom, as far as anybody has said it.

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %%
samples = fiftyone.samples(dataset)
if names:
    asked = asked_images.choose_asked(samples, list(map(manifest.shown_id, names)), most_blank, shape)
else:
    asked = asked_images.draw_asked(samples, images, seed, most_blank, shape)
drawn = asked.samples
blank = areas.blank_areas(drawn, manifest, per, fill, shape)
tagged = sum(bool(sample.regions) for sample in samples)
print(f"{len(drawn)} of {tagged} images with tags, {len(blank)} blank areas to ask about.", asked)

# %% [markdown]
# ## What might exist in the blank area?
#
# Images have numbers here, since their names may tell what was taken out; the cards at the end name them. Look for a
# while before you write. Say how likely your option seems: in a **word**, which stands for an interval, or in a
# **number**. The two are different ways of not being sure, and the kit never turns one into the other. How likely others
# find an option is shown once you have said something yourself.
#
# What you write stays yours. It is kept under a pseudonym made at random, on this computer alone, and shown only where
# you agree to it. With your key, eight words that you see after your first answer, you can add a footnote or withdraw
# what you said. To refuse is an answer: *nothing*, *I choose not to answer*, *burn*.
#
# Two buttons give you what you said as a file, and your key as another, also when a session on Binder has ended while
# its page is still open. `retrain-kit merge` brings such files together, from any number of people.

# %%
aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
lists = start_lists.study_lists(manifest)
exercise = what_if.WhatIf(Store(store_folder or f"{aside.name}/answers"), manifest.name, lists)
BlankAreas(exercise, blank, language) if blank else figures.Note("No image here has a blank area.", ())

# %% [markdown]
# ## The range
#
# Run the cells from here on again whenever something was added. As long as nobody has said anything, they show answers
# **made for demonstration: nobody said them.** Those lie in a store of their own, which takes in no real answer and goes
# into none.
#
# Each person who said something has a line of their own under the option: a dot for a number, a bar for the interval of
# a word. Options stand in the order of the list, not of their numbers: no one of them is ahead.

# %%
from retrain_kit.exercises.what_if import demonstration
from retrain_kit.exercises.what_if import figures as what_if_figures

ranges = [exercise.range(area.place) for area in blank]
if all(found.empty for found in ranges):
    example = demonstration.example_what_if(
        f"{aside.name}/demonstration", manifest.name, [area.place for area in blank], lists
    )
    ranges = [example.range(area.place) for area in blank]
what_if_figures.ranges_beside_images(ranges, blank)

# %% [markdown]
# The same in words, with refusals and footnotes. Two people can mean different things by one number, and the same thing
# by different ones.

# %%
what_if_figures.ranges_in_words(ranges, blank)

# %% [markdown]
# ## Are these the same?
#
# Wordings that look alike are listed here, and in the widget, as a question. The kit does not answer it: *more cloud* and
# *more clouds* may be one thing or two. Whoever finds that two are the same says so by an act of their own; then both
# wordings stay, side by side, with all their degrees. Anybody can take them apart again.

# %%
what_if_figures.sameness_questions(ranges, blank)

# %% [markdown]
# ## What was done by name
#
# Who let the elephant in, who called wordings the same, who took them apart: by pseudonym, with the time, and with the
# reason where one was given.

# %%
what_if_figures.act_log(ranges, blank)

# %% [markdown]
# ## What cannot be concluded
#
# - **What was there.** The range says what people could imagine. The data set has its word for it; notebook 01 shows it.
# - **Which option is the right one, or the likeliest.** The kit has no function that makes one label of a range, and an
#   average of degrees would be nobody's. To train with a range, train with all of it.
# - **That an option nobody spoke of is unlikely.** *Nobody has said how likely* is not zero per cent.
# - **That a wide spread is a mistake.** People who know different places see different things fit. The spread is the
#   finding.
# - **What people in general would say.** These are those who were here, who read these languages, and who saw what the
#   list began with before they thought of something else.
# - **That a translation asks the same.** The translations were made for this kit and nobody has reviewed them.
#
# A saved notebook that shows answers is a copy: what is withdrawn later stays in it until it is run anew. A report of the kit
# is deleted with it.
#
# ## Trajectories
#
# A card for each image: what the tables of the study say of its way into the data set, who says it, and what none of
# them says.

# %%
from retrain_kit.analysis import trajectories

trajectories.trajectory_cards(drawn, manifest)
