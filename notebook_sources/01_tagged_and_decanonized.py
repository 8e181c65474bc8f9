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
# # Tagged and decanonized
#
# Data sets that train computer vision come with annotations: somebody, or something, has drawn a box around each thing
# that was asked for and put a word on it. This notebook shows images of a study three times: **tagged**, with the
# annotations drawn on them; **decanonized**, with the tagged areas taken out, so that what nobody was asked to see is left;
# and **taken**, only what the annotations hold. Then it counts how much of each image is tagged, under which words, and
# by which annotators.
#
# *Decanonization* is a work programmed by Bernardo Fontes with Bruno Moreschi; the word and the gesture are theirs.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Folder, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
labels: list[str] = []  # labels to keep; all of them when empty
annotators: list[str] = []  # whose annotations to keep, in the words of the study's card; all when empty
images: Annotated[int, Ge(0)] = 12  # how many images to draw; 0 takes all of them
seed: int = 7  # another seed draws other images
fill: Fill = "white"  # what takes the place of the tags: a colour, transparent, blur or pixelate
shape: Literal["box", "outline"] = "box"  # the boxes, or polygons and masks where there are any
output_folder: Folder = ""  # where to write the exact images (PNG); nothing is written when empty
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.annotations import samples
from retrain_kit.display import figures, label_gallery, views
from retrain_kit.imaging import masking
from retrain_kit.studies import sampling
from retrain_kit.widgets.compare import Compare
from retrain_kit.widgets.progress import watched

# %% [markdown]
# ## The study
#
# Before looking at an image: what are we looking at, who made its annotations, and what has nobody said?

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %% [markdown]
# The images and their annotations are in a FiftyOne dataset. The draw below depends on the seed and on the names of
# the images alone: the same seed shows the same images on every machine.

# %%
studied = fiftyone.samples(dataset)
held = samples.samples_that_hold(studied, manifest.shown_labels(labels), annotators)
drawn = sampling.draw_samples(held, images, seed)
print(sampling.draw_in_words(drawn, held, studied))

# %% [markdown]
# ## Looking around
#
# Which labels are there, and what are they put on? All images of the study count here that hold what was asked for, drawn
# or not. The commonest labels have a bar each, and each label leads to images it is in.

# %%
from retrain_kit.analysis import images_per_label
from retrain_kit.reports import charts, tables

counted = images_per_label.images_per_label(held)
label_gallery.label_gallery(counted, held, figures.study_credit(manifest), watched)

# %%
tables.images_per_label(counted)

# %% [markdown]
# ### Labels that meet
#
# Which labels are in the same images? *By chance* is in how many images both would be if where one is had nothing to do
# with where the other is. Two labels may meet because the things do, or because the same people were asked for both.

# %%
from retrain_kit.analysis import co_occurrence

met = co_occurrence.label_co_occurrence(held)
charts.co_occurrence_map(met, manifest)

# %%
tables.label_pairs(met)

# %% [markdown]
# ### How large boxes are, and where they lie
#
# Sizes are shares of the frame, as far as a box lies within it. Every box counts once, also where boxes overlap. How large
# must a thing be to get a box? Where on the frame is a label expected?

# %%
from retrain_kit.analysis import box_geometry

boxes = box_geometry.box_geometry(held)
charts.box_sizes(box_geometry.all_boxes(held), manifest)

# %%
charts.box_positions(boxes, manifest)

# %%
tables.box_geometry(boxes)

# %% [markdown]
# ## Three times the same image
#
# Lay two of the three views side by side, swipe between them, or flip back and forth. What do you look at first once
# the tagged areas are gone? What did you not see before? Numbers and colours stand for the labels under the image.

# %%
pages = watched(drawn, "making views")
order = [row.label for row in counted]
Compare(figures.all_three_views(pages, manifest, fill, shape, order))

# %% [markdown]
# The views above are reduced for the screen. The exact images, without loss, come with `output_folder`. To look at all
# images in FiftyOne's App, each in its three slices, on this machine alone:
#
#     fiftyone.open_app(fiftyone.grouped_dataset(drawn, manifest))
#
# ## What the tags took
#
# The same areas, each cut out and put beside the others. What do you see of the images in them?

# %%
figures.object_sheet(drawn, manifest, shape)

# %% [markdown]
# ## How much is tagged, how much is left
#
# A pixel under several boxes counts once. *Left* is the share of the image that no tag touches. Images without any
# region count in every mean, as images of which nothing is tagged.

# %%
from retrain_kit.analysis import coverage, reach

rows = coverage.by_image(drawn, shape)
tables.coverage_summary(coverage.summary(rows))

# %% [markdown]
# A mean of a few images would be another with a few others. An *interval* says how far it might move: it is made by
# drawing these images again and again from themselves (a bootstrap over images). Where fewer than five images have a part
# in a figure, it has no interval.

# %%
reach.reach_note(manifest, len(drawn), len(held), len(studied))

# %%
charts.coverage_bars(rows, manifest)

# %%
tables.image_coverage(rows)

# %% [markdown]
# ### Under which words
#
# *Of the images it is in* is how much of an image a word takes where it appears at all; *of all images* how much
# of the whole study.

# %%
by_label = coverage.by_label(drawn, shape)
charts.group_bars(by_label, "label", manifest)

# %%
tables.group_coverage(by_label, "label")

# %% [markdown]
# ### What whole phrases see
#
# Some data sets hold phrases beside words. A phrase can speak of what has no word in the list: light, water, what a
# thing is doing. Where this one has phrases, those that lie most outside the tags are listed here.

# %%
tables.phrase_coverage(coverage.by_phrase(drawn, shape))

# %% [markdown]
# ### By which annotators
#
# Annotators are named in the source's own words, which the study's card explains. Where the source is silent the
# annotator is *unknown*, and stays so.

# %%
tables.group_coverage(coverage.by_annotator(drawn, shape), "annotator")

# %% [markdown]
# ### Where on the frame
#
# All images are laid over each other on one grid, whatever their format: the stronger the colour of a place, the
# more images are tagged there.

# %%
charts.tag_heat_map(coverage.heat_map(drawn, shape), len(drawn), manifest)

# %% [markdown]
# Boxes that lie anywhere cover the middle more than the rim: a large one has no other place. Is there more in the middle
# here than that? Each box is laid at random in its image, as large as it is, and the middle is measured again.

# %%
from retrain_kit.analysis import placement

placement.middle_by_chance(drawn, seed).note

# %% [markdown]
# ### What of the files is not shown
#
# Views are what a screen shows of a file: eight bits a colour, and one frame. What a file has beyond that is listed here.

# %%
tables.beyond_views(drawn)

# %% [markdown]
# ### What was corrected, and what could not be taken
#
# What the source lists as an annotation and nobody could read whole is listed here with the reason. What was not kept of
# it is in no view and in no figure above, so what it stands for may be in the residue.

# %%
tables.rejected_annotations(fiftyone.rejections(dataset))

# %% [markdown]
# Boxes that reach beyond their image, lie outside it or are empty are listed too, never repaired in silence.

# %%
tables.corrected_boxes(masking.box_corrections(drawn))

# %% [markdown]
# ## What cannot be concluded
#
# - **That the rest is unimportant.** What is left bears no tag here. Whether nobody was asked about it, nobody saw it, or
#   somebody saw it and had no word for it, these images do not tell.
# - **That tagged means seen.** An annotation shows where a box was put, not how long somebody looked, nor what they thought.
# - **How much work it was.** The number of boxes is no measure of time or of pay.
# - **More about other images than is said above.** *Of which images these figures speak* follows from how the images were
#   chosen. Where they were not drawn by chance, an interval says nothing about others, however narrow it is.
# - **Who worked.** An annotator's name in a table is the source's word for a procedure. It is not a person.
#
# ## Where the images come from

# %%
tables.provenance(drawn)

# %%
from pathlib import Path

if output_folder:
    written = watched(drawn, "writing exact images")
    for name, gone in views.write_every(written, Path(output_folder), fill, shape).items():
        print(f"{name}: {'; '.join(gone)}.")
where = (
    f"are in {Path(output_folder).resolve()}" if output_folder else "were not asked for: see output_folder"
)
print(f"The exact images {where}.")

# %% [markdown]
# ## Trajectories
#
# A card for each image: what the tables of the study say of its way into the data set, who says it, and what none of
# them says. Where words or annotators were chosen above, the cards list only those. Notebook 03 reads the files as well.

# %%
from retrain_kit.analysis import trajectories

trajectories.trajectory_cards(drawn, manifest)
