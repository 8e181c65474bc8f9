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
# # Two studies
#
# What does one data set leave out that another one sees? A list of words is a list of questions: what has no word in it,
# nobody was asked for. This notebook lays two studies beside each other: what each **asks for** and who answered, how
# much of an image each **tags** and **leaves**, under which **words**, **where on the frame**; and, where one image is in
# both, **what one's annotators saw on it and the other's did not**.
#
# Not everything can be compared. Two studies can have other words, other units, other draws. What only stands side by
# side, and what can be subtracted, is kept apart here.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Ge, OtherStudy, Study

study: Study = "embedded-sample"  # the first: its name, the path of its .toml, a folder, or fiftyone:NAME
other: OtherStudy = ""  # the second study; when empty, two halves of the first are compared
images: Annotated[int, Ge(0)] = 6  # how many pairs, and how many images in both, are shown; 0 shows all
measured: Annotated[int, Ge(0)] = 1000  # how many images of each study are measured, drawn; 0 for all
seed: Annotated[int, Ge(0)] = 7  # another seed draws other images
shape: Literal["box", "outline"] = "box"  # the boxes, or polygons and masks where there are any
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.analysis import two_studies
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.reports import comparison

# %% [markdown]
# ## What each asks for
#
# The reason to make a study, the rule of its draw and its licence come first: they say what the images stand for. Where
# only one study is named, its images are cut in two halves by chance. Two such halves differ by chance alone: whatever
# a comparison shows of them, chance can make.

# %%
two_studies.check_two(study, other)
opened = [fiftyone.open_study(name, accepted=accepted) for name in (study, other) if name]
sides = [
    two_studies.Side(manifest, fiftyone.samples(dataset), fiftyone.rejections(dataset))
    for manifest, dataset in opened
]
two = two_studies.two_sides(sides, seed)
comparison.rows_of_two(two_studies.asked(two), two, "asked for")

# %% [markdown]
# ## Who answered, and what was never disclosed
#
# Each study's own sentences on its annotators. *Unknown* is what a study says where nobody has told.

# %%
comparison.rows_of_two(two_studies.annotation_process(two), two, "annotations")

# %% [markdown]
# The questions of a datasheet, side by side. *Not disclosed*: it was looked for, and its authors do not say. *Nobody has
# said*: the study has no answer.

# %%
comparison.disclosure(two)

# %% [markdown]
# How annotations were made, as far as the source says it of each. Annotators are named in each source's own words: one
# word in both need not be one way of working.

# %%
comparison.annotations_of_two(two)

# %% [markdown]
# ## In which units
#
# A region, a phrase, a word for a whole image: each is another question. Numbers of different units are not to be
# subtracted from each other.

# %%
comparison.rows_of_two(two_studies.units(two), two, "kind")

# %% [markdown]
# ## How much is tagged, how much is left
#
# Means over images, each image counting the same, and the first less the second. The interval says how far that
# difference might move with other images of the same kind: the images of each study are drawn again by themselves, from
# the seed. Where it holds 0 no difference can be seen, and that is no proof that there is none. Of many such intervals
# one in twenty leaves 0 out by chance.

# %%
from retrain_kit.analysis import differences

looked_at = two_studies.drawn(two, measured, seed)
comparison.differences(differences.differences(looked_at, shape, seed), two)

# %%
stack_views(two_studies.reach_notes(looked_at))

# %% [markdown]
# ## Where on the frame
#
# The measured images of a study are laid over each other on one grid, whatever their format. The third map is the first less the
# second.

# %%
from retrain_kit.reports import charts

credit = " ".join(figures.study_credit(side.manifest) for side in two)
charts.frame_maps(*two_studies.frame_maps(looked_at, shape), (two[0].name, two[1].name), credit)

# %% [markdown]
# ## Under which words
#
# Two words count as one where they differ in capitals, spaces, `_` or `-` alone. Nothing is translated, and no word is
# taken for its synonym or its plural. A word in both may mean another thing in each.

# %%
from retrain_kit.analysis import shared_words

shared = shared_words.shared_words(two)
comparison.words_of_two(shared, two)

# %% [markdown]
# Words that come in one of the two alone. Is what they name not in the other's images, or was nobody asked for it? A study's
# own list of words may be longer than what comes here.

# %%
comparison.words_alone(shared, two)

# %% [markdown]
# ## Sizes and licences
#
# The middle of each measure, with its least and its most. A large image shows what a small one has lost.

# %%
comparison.rows_of_two(two_studies.sizes(two), two, "size")

# %%
comparison.rows_of_two(two_studies.licences(two), two, "licence, as listed")

# %% [markdown]
# ## The same image in both
#
# An image can be in two data sets: Visual Genome's own list names the number in COCO of many of its images. It is found
# by its file, by an id that both sources name, or by how it looks. Only the first is certain. On such an image the two
# lists of questions meet: what did the annotators of one tag, and those of the other not? Regions count as tags;
# phrases do not.

# %%
from retrain_kit.analysis import same_images
from retrain_kit.batch.near_duplicates import beside

hashed = beside.hash_two(two)
same = same_images.same_images(two, hashed.near)
same_images.found_note(same, two)

# %%
met = same_images.draw_matches(same, measured, seed)
comparison.seen_together(same_images.seen_in_all(met, two, shape))

# %%
shown = met[: images or None]
stack_views(same_images.same_image_figure(each, two, shape) for each in shown)

# %% [markdown]
# ## Side by side
#
# Other images, one of each study: those that look alike first, by the distance of their perceptual hashes; the others by
# chance. Which of the two would you have taken for the other study's?

# %%
pairs = beside.lay_beside(two, hashed, same, images, seed)
stack_views([beside.beside_note(pairs, hashed), *(beside.beside_figure(pair, two) for pair in pairs)])

# %% [markdown]
# ## What of these two cannot be compared

# %%
from retrain_kit.analysis import incomparable

incomparable.incomparable(two, shared, len(same))

# %% [markdown]
# ### What could not be taken
#
# What each source lists as an annotation and nobody could read whole: it is in no figure above.

# %%
from retrain_kit.reports import tables

stack_views(tables.rejected_annotations(side.rejections) for side in two)

# %% [markdown]
# ## What cannot be concluded
#
# - **That what is not tagged was not seen.** Annotators answer what they are asked. What they saw besides has no place in
#   the table.
# - **That the world of one study has more of a thing.** A count follows from words, rules, patience and pay before it
#   follows from what is in the images.
# - **That one word means one thing.** Where both have a word, its definition, and who applied it, may differ.
# - **That a difference comes from the data sets.** It may come from the draws: from which images a study happened to
#   take, and why.
# - **That one study is better.** More tags are no more truth, and fewer are no more care.
# - **That images are the same because they look alike**, or that they are not because nothing was found: a cut, a turn,
#   a frame around it can hide a copy from its hash.
#
# ## Where the images come from

# %%
first = [each.first for each in (*shown, *pairs)]
second = [each.second for each in (*shown, *pairs)]
stack_views(tables.provenance(each) for each in (first, second) if each)
