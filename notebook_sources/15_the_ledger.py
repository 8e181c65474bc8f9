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
# # The ledger
#
# Each box around a thing is a little of somebody's time. Nobody who publishes a data set says how much, and still it can be
# asked: how long such work takes has been measured, here and there, and published. This notebook lays those figures over the
# annotations of a study.
#
# No figure is taken for the truth. Published times for *one box* alone lie far apart, since one counts four clicks and another
# the whole task with its checks. So a time is always an **interval**, from the least to the most of
# all figures that are chosen, and each figure stands here with what it counts, of whom, and how well it is verified.
#
# Who made an annotation, and whether anybody did, is said as the study says it. **What a machine made alone took no
# annotator's time. Where nobody says how an annotation was made, it may have taken nothing, and as long as drawing does.**
# Nobody's time is compared with anybody's.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from retrain_kit.reports.parameters import File, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
more_figures: File = ""  # a TOML with figures of your own, in the form of the kit's
only_figures: list[str] = []  # only the figures with these ids; all of them when empty
image: str = ""  # an image whose time is told by itself, by its id or file; the first when empty
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.batch import work_ledger
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.reports import ledger_views

# %% [markdown]
# ## The figures
#
# All that are chosen, each with its source. *Counts as* begins with how it was verified when this kit was made, and goes a
# step down for each thing that is not stated: the statistic, of whom, what it includes, from when. Add your own by
# `more_figures`; choose by `only_figures`, and see below what changes.

# %%
chosen = work_ledger.choose_figures([Path(more_figures)] if more_figures else [], only_figures)
ledger_views.figures_table(chosen)

# %% [markdown]
# ## The study
#
# A study of Open Images is counted with the whole table of boxes of its data set, where it has one; any other by its own
# annotations.

# %%
manifest = fiftyone.load_study(study, accepted=accepted)
figures.study_card(manifest)

# %%
found = work_ledger.study_ledger(manifest, chosen)
stack_views(found.views)

# %% [markdown]
# Days of eight hours are there to imagine it, and nothing else: nobody says that this was anybody's day. Of what has no
# figure not even that can be said: it was work, and it is counted.
#
# ## What sources say of the same work
#
# The same pieces of work, by each figure alone, as if hands had done all of them. What differs is what was counted: the drawing, or all that a task asks; a mean, or a
# median, which times a number of boxes is less than their sum.

# %%
works = dict.fromkeys(work for work, _ in sorted(found.tally.whole))
stack_views(ledger_views.disagreement_table(found.tally, chosen, work) for work in works)

# %% [markdown]
# ## What changes with the figures
#
# The time of all of it once more, and without each figure that moves one of its ends, or without which some work has no
# time at all. All other figures lie between, and leaving one of them out changes nothing. Choose your own by
# `only_figures` in the first cell.

# %%
ledger_views.changes_table(found.tally, chosen)

# %% [markdown]
# ## What it would have earned
#
# By what researchers say that they paid, and by what was measured. The difference is what nobody pays for: looking for
# tasks, work that is sent back, tasks that turn out to be none. That *this* study was paid at all is said only where its card
# says so.

# %%
ledger_views.pay_table(found.whole, chosen)

# %% [markdown]
# ## By label, and by the study's word for an annotator
#
# In alphabetical order. Words for annotators that the study does not explain may be people's numbers; they are counted under
# one name.

# %%
stack_views(
    ledger_views.parts_table(parts, chosen, name)
    for name, parts in (("label", found.tally.labels), ("annotator", found.tally.annotators))
)

# %% [markdown]
# ## One image
#
# As long as it takes to look at it once, others may have worked at it for minutes. `retrain-kit what-it-took` puts it on one
# page to send or print: its outlines, its replay, its house in the city of the study, and each figure with its source.

# %%
found.one_image(manifest.meant_id(image))

# %% [markdown]
# ## What cannot be concluded
#
# - **How long it took.** Nobody measured it here. These are other people's times, of like work, in other years.
# - **That the lower end is what it costs.** The shortest figures count one person's clicks, without the search for tasks,
#   training, checks, and work that was thrown away.
# - **That crowdworkers made it.** Only where the source says so.
# - **That a box that a machine drew is free.** The machine was taught by others' boxes. They are in another ledger.
# - **That a long time is good work, or a short one bad.** The figures are of tasks, not of people.
# - **That paying more for the same would settle it.** What is counted is time; who decides about it, is not.
