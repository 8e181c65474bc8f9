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
# # The residue of a data set
#
# Notebook 01 takes the tagged areas out of some images and looks at what is left. A data set can have millions. What can
# be had of them all is one table: for each box the image, the word, the annotator and four numbers. This notebook takes
# it whole and asks of every image what notebook 01 asks of a dozen: how much of it is
# **tagged**, how much is **left**, under which words, by which annotators, and where on the frame.
#
# No image is opened. It is a measurement of what was asked for, made from what was asked for; the residue appears in
# it as a number only. To see one, go back to single images.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated

from retrain_kit.reports.parameters import Folder, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
words: Annotated[int, Ge(1)] = 40  # how many words the table lists, those that cover most
ends: Annotated[int, Ge(1)] = 5  # how many images to name at either end
output_folder: Folder = ""  # where to keep what was measured (Parquet); nothing is kept when empty
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.batch.coverage import measuring, residue
from retrain_kit.display import figures
from retrain_kit.reports import charts, tables

# %% [markdown]
# ## The study
#
# Where a study of Open Images has the table of boxes of a whole part of the data set, all its rows are measured, not
# those of the study's own images. Any other study is measured by its regions, written into a table of that form, and by
# the list of its images: one without a region counts too, as one of which nothing is tagged.

# %%
manifest = fiftyone.load_study(study, accepted=accepted)
figures.study_card(manifest)

# %% [markdown]
# The table is read part by part, each of whole images. A run that was cut goes on where it was when `output_folder` names
# the same folder again; what is there already is not measured twice.

# %%
scratch = TemporaryDirectory()
measured = measuring.measure_study(manifest, Path(output_folder or scratch.name))
residue.measurement_note(measured, manifest)

# %% [markdown]
# A flag is what annotators were asked about a box besides its word. A box around a crowd (`IsGroupOf`) takes its whole
# area here as any other does; so does one around a painted horse (`IsDepiction`). Another count could leave them out, and
# would have another residue.
#
# ## How much is tagged, how much is left
#
# A place under several boxes counts once; areas are those of the boxes themselves, not of pixels. *Mean* and *median* are
# over images, each of them counting the same, large or small. An *interval* is made by drawing these images again and
# again from themselves (a bootstrap over images). A whole table has none: nothing was drawn from it.

# %%
whole = measured.summary()
tables.coverage_summary(whole)

# %%
charts.residue_histogram(measured.spread(), manifest)

# %% [markdown]
# The further left an image stands in this chart, the less is left of it. The mean says nothing of how far apart they
# are. These are the outermost, by their names in the table, so that one can go and look.

# %%
named = zip(("least is left of", "most is left of"), measured.ends(ends), strict=True)
lines = [(end, f"{name}: {left:.1%}") for end, found in named for name, left in found]
figures.Note("Images at either end", tuple(lines))

# %% [markdown]
# ## Under which words
#
# *Of all images* is how much of an average image a word takes; *of the images it is in* how much it takes where it
# appears at all. A word can be large in the first because it is everywhere, or because it is a box around everything.
# Words overlap: a person on a horse lies under both, and the shares of all words together can be more than the whole.

# %%
by_label = measured.by_label(measuring.label_names(manifest, accepted=accepted))
charts.group_bars(by_label, "label", manifest)

# %%
print(f"The {min(words, len(by_label))} words that cover most, of {len(by_label)}.")
tables.group_coverage(by_label[:words], "label")

# %% [markdown]
# ### Words that take the whole image
#
# The same words in another order: those first that leave least where they are. Words of which there is hardly an image
# come to the top easily; see how many images stand behind each.

# %%
where_present = sorted(by_label, key=lambda row: (-row.share_where_present, row.name))
tables.group_coverage(where_present[:10], "label")

# %% [markdown]
# ## By which annotators
#
# Annotators are the source's words, which the study's card explains; notebook 02 asks who they are. What a hand drew and
# what a machine proposed can lie on the same place: then it counts for both.

# %%
tables.group_coverage(measured.by_annotator(), "annotator")

# %% [markdown]
# ## Where on the frame
#
# All images are laid over each other on one grid, whatever their format. A cell shows in how much of the images it is
# tagged: the mean, over all of them, of the part of the cell that boxes cover. Where a study of Open Images has the image
# table, boxes are turned upright as its `Rotation` says; where it has none, they lie as their images were stored.

# %%
charts.tag_heat_map(measured.heat_map(), whole.images, manifest)

# %% [markdown]
# ## Questions to the map and the words
#
# Boxes that lie anywhere cover the middle more than the rim; notebook 01 asks whether there is more than that. Look at
# the rim of the map: is it as pale above as it is below? Does this list of words have one for the sky, and one for the
# ground? Then look at the words that cover most. Are they those the data set is known for, or what was there anyway,
# behind and around?
#
# ## What cannot be concluded
#
# - **That the rest is empty.** What is left bears no box. No number here knows what is in it.
# - **That tagged means known.** A box holds its thing and everything around the thing that fits into a rectangle. The
#   outline of what was meant is never larger, and the residue never smaller, than boxes tell.
# - **That an image with much left was looked at less.** A word that nobody asked about leaves no row; neither does one
#   that was asked and not found.
# - **Anything about images that are not counted.** *What was measured* says which ones are.
# - **How the figures of two data sets compare.** Another list of words, other rules for crowds and parts, another share of
#   machine-made boxes: each changes the residue without a change in any image.
# - **How much work it was, or whose.** However many boxes there are, their number is no measure of hours or of pay, and an
#   annotator's name is a word for a procedure.
# - **What a number means for one image.** Open one. The mosaic of a study leads from many to single ones.

# %%
where = f"in {Path(output_folder).resolve()}" if output_folder else "not kept: see output_folder"
print(f"The measurement is {where}. Its Parquet files name the table and its SHA-256.")
scratch.cleanup()
