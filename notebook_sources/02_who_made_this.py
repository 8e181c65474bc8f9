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
# # Who made this
#
# A box around a bird looks the same whoever put it there: somebody who clicked on the bird's four ends, a machine that
# proposed a box which somebody found good enough, or a machine that nobody looked after. Where a source keeps the
# difference, it stands in a column beside the box, and is lost with it. This notebook asks a study for it: which
# annotations were **drawn**, which were **proposed by a machine**, which were **checked**, **denied** or **disputed**; by
# whom, as far as the source says; and what was never disclosed. Then it takes images apart by their annotators: without
# what hands drew, without what machines proposed.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
labels: list[str] = []  # words of regions to keep; all of them when empty
images: Annotated[int, Ge(0)] = 12  # how many to draw, of those that have several annotators; 0 takes all
seed: int = 7  # another seed draws other images
fill: Fill = "white"  # what takes the place of the annotations: a colour, transparent, blur or pixelate
shape: Literal["box", "outline"] = "box"  # the boxes, or polygons and masks where there are any
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.annotations import samples
from retrain_kit.display import figures, label_gallery
from retrain_kit.studies import sampling
from retrain_kit.widgets.compare import Compare
from retrain_kit.widgets.progress import watched

# %% [markdown]
# ## The study
#
# The card has the study's own sentence for each annotator. Names of annotators are the source's words, and a word can
# mislead: *drawn* does not say that a hand drew.

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %%
studied = fiftyone.samples(dataset)
every = samples.samples_that_hold(studied, manifest.shown_labels(labels))
print(
    f"{len(every)} of {len(studied)} images of the study. The tables below count what is said of all of them."
)

# %% [markdown]
# ## On what it was put
#
# The commonest labels, and images they are in: an annotator is met in what it was asked for. Boxes are measured as
# shares of the frame. Do some labels lie in the middle, large, and others small at the rim?

# %%
from retrain_kit.analysis import images_per_label

counted = images_per_label.images_per_label(every)
label_gallery.label_gallery(counted, every, figures.study_credit(manifest), watched)

# %%
from retrain_kit.analysis import box_geometry, co_occurrence
from retrain_kit.reports import charts, tables

boxes = box_geometry.box_geometry(every)
charts.box_positions(boxes, manifest)

# %%
tables.box_geometry(boxes)

# %%
tables.label_pairs(co_occurrence.label_co_occurrence(every))

# %% [markdown]
# ## Drawn, proposed, checked, or not said
#
# The way an annotation was made, its *annotation source*, follows from the source's word for its annotator, by a table in
# the study's manifest. It is never guessed: where the source is silent, or its word is not in that table, it is *not
# said*. Beside each bar's name stands how many annotations it is about.

# %%
from retrain_kit.analysis import annotators

made = annotators.count_annotations(every, manifest)
charts.annotation_source_bars(made, manifest)

# %% [markdown]
# *Annotator* is the source's word; *of* is the number of all annotations of that kind, and *share* the share of them,
# with its 95% interval over images; *images* is in how many images there is at least one. Annotators come in the order
# of the alphabet, not of their numbers: these are words for procedures, and no list of who made most. A word that the
# study does not explain may be the number of a person; such words are counted together as *not explained*, and not
# shown.

# %%
tables.annotation_counts(made)

# %%
from retrain_kit.analysis import reach

reach.reach_note(manifest, len(every), len(every), len(studied))

# %% [markdown]
# ## What hands left behind
#
# Some sources keep what a hand did: the four clicks on the ends of a thing that made a box; the clicks that told a
# machine *this belongs to it, this does not* until its outline was good enough; the votes of those who were asked about
# one point. *On* is how many annotations bear such a trace, *of* how many
# could: all regions for clicks, all points for votes.

# %%
tables.hand_trace_counts(annotators.count_hand_traces(every))

# %% [markdown]
# ## Yes, no, neither
#
# A word for a whole image, or for a point in it, can be affirmed, denied, or left open: a machine that finds a word
# likely says neither yes nor no. *Of* is the number of all such words by that annotator.

# %%
tables.answer_counts(annotators.count_answers(every, manifest))

# %% [markdown]
# ### Denied
#
# A word is denied where the source says that it is absent from the image. Who was asked, and who chose what to ask?

# %%
from retrain_kit.analysis import disagreement

tables.label_denials(disagreement.denied_labels(every, manifest))

# %% [markdown]
# ### Disputed
#
# Three things count as a dispute: votes on one point that differ; a word that is affirmed and denied of the same
# image, where a region bearing the word affirms it; and a machine's word that another annotator denies, or the reverse.
# A data set may settle its disputes before it is published. What is listed here is what was not settled away.

# %%
tables.label_disputes(disagreement.disputed_labels(every, manifest))

# %% [markdown]
# ## The same image, without one annotator
#
# Only images that were annotated in more than one way are shown: without its one annotator's annotations, any other image
# is what notebook 01 shows as decanonized. Where all regions of a study were made in one way, there is no other to
# compare it with; then they are told apart by the source's words instead.

# %%
from retrain_kit.analysis import by_annotator

by_annotator.annotator_note(every, manifest)

# %%
by = by_annotator.best_grouping(every, manifest)
several = by_annotator.samples_with_several_groups(every, manifest, by)
drawn = sampling.draw_samples(several, images, seed)
print(f"Several annotators meet in {len(several)} of {len(every)} images; shown: {len(drawn)}.")

# %%
pages = [
    by_annotator.without_each_group(sample, manifest, by, fill, shape)
    for sample in watched(drawn, "making views")
]
Compare(pages) if pages else figures.Note(
    "In no image of this study do annotations of several annotators meet.", ()
)

# %% [markdown]
# Lay two of the views side by side, swipe between them, or flip back and forth. Which things did one annotator tag, and
# which another? Does one see smaller things, or darker ones, or more of the same?
#
# ## What was never disclosed
#
# First what this study's manifest names as never said; then the questions that Croissant, a common vocabulary for
# describing data sets, asks about the work in a data set, as far as the study has no answer. A question counts as
# answered if `retrain-kit datasheet` writes an answer to it into the study's Croissant file.

# %%
tables.undisclosed_questions(manifest, fiftyone.rejections(dataset))

# %% [markdown]
# ## On one page
#
# A nutrition label, as food has one: what is in this study, how much, from whom, by whose work, with whose consent, and
# what was never said. A line that nobody has filled stays empty. `retrain-kit nutrition-label` writes it as a page to print
# and to pin beside the images. Which empty line would you want filled first, and who could fill it?

# %%
from retrain_kit.reports import nutrition_label

nutrition_label.LabelView(nutrition_label.study_label(manifest, studied))

# %% [markdown]
# ## What cannot be concluded
#
# - **Who it was.** An annotator is the source's word for a procedure. Behind *drawn by hand* may be one person or thousands,
#   in any country, at any wage; behind *checked* too. Nothing here names them, and nothing should.
# - **That *not said* means a machine, or a person.** It means that the source is silent.
# - **That a checked annotation was looked at with care.** To check is to answer a question that somebody else has put. That a
#   machine's proposal passed says that it was not refused.
# - **That an annotation without clicks had no hand in it.** A source may throw the clicks away and keep the box.
# - **That no dispute means agreement.** Where one person was asked there is nothing to differ from. Where votes were
#   merged before the data set was published, the minority is gone without a trace.
# - **How other images were annotated**, but for what *Of which images these figures speak* says above.
#
# ## Where the images come from

# %%
tables.provenance(drawn or every)

# %% [markdown]
# ## Trajectories
#
# A card for each image shown above: what the tables of the study say of its way into the data set, who says it, and
# what none of them says.

# %%
from retrain_kit.analysis import trajectories

trajectories.trajectory_cards(drawn or every, manifest)
