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
# # Voices
#
# A data set counts boxes. This notebook listens: to what those who drew them say of it, in words or as a sound, each under
# terms of its own. *Unknown Label* and *The Eyes*, by Nicolas Gourault, let workers speak about outlining street scenes and show
# no face. They keep the small things that people do to get through the work, as an archive. And when Bruno Moreschi asked
# Anand, who works from New Delhi, which image of a data set shows what the training of machines is, Anand sent none of them.
# He sent a picture of his bedroom: where he works.
#
# What is shown here is what its author allowed for this use, until the day that they named. **What they did not allow is
# counted, and not shown. Nobody's name and nobody's face is needed, and the files that are read here have no field for them.**
#
# Without a folder of voices there is a demonstration. The makers of the kit wrote it about their own work, and what it tells
# is so. It is no worker's voice; each view says that. No worker's voice was made up for it.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Literal

from retrain_kit.reports.parameters import Folder, Study

study: Study = "embedded-sample"  # the study whose images the voices speak of
voices_folder: Folder = ""  # the folder with voices.toml; when empty, the demonstration
store_folder: Folder = ""  # the store in which retrain-kit voices keeps them; when empty, the demonstration
shown_for: Literal["read", "class", "book", "publication"] = "class"  # where it is shown: the rest is counted
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.batch import work_ledger
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.voices import notebook_view

# %% [markdown]
# ## Who speaks, and under which terms

# %%
shown = notebook_view.shown_voices(voices_folder, store_folder, shown_for)
notebook_view.study_note(shown)

# %% [markdown]
# ## Voices
#
# In the order in which they were kept. Under each stand its terms: what its author agreed to, until when, who asked them, and
# how. A footnote was added later by the same person; what they said before stays.

# %%
manifest = fiftyone.load_study(study, accepted=accepted)
notebook_view.testimonies_view(shown, manifest)

# %% [markdown]
# ## Where one works
#
# The place beside the images that were worked on there: as far as a data set can be seen in one picture, it may be this pair.
# A picture of a place is kept as a few flat colours, unless its author agreed to have it seen. What is opaque is no gap in
# the data. It is what somebody wanted.

# %%
notebook_view.workplaces_view(shown, manifest)

# %% [markdown]
# ## The archive of small strategies
#
# What people do when a task is rejected, when they wait, when nobody says what is meant. They stand by what they answer, never
# by who. An entry has no pseudonym, no day and no number, and is in the store under a key of its own: no name and no key leads
# from a person to what they do. A situation without an entry stays in the list. It says only that nobody put one here.

# %%
notebook_view.archive_view(shown)

# %% [markdown]
# ## A conversation
#
# A voice speaks; nobody answers it here. *Exch w/ Turkers*, by Bruno Moreschi, was a website on which crowdworkers and the public
# talked with each other. Nearly a year later five workers reread what they had answered and added footnotes, to expand it or to
# challenge it, and excerpts became a book. This is the same in small: write, answer, read again, and stand a footnote beside
# what you or somebody else wrote. What was said stays.
#
# The question is the source's. You are asked two things, each for itself: whether others may read what you write, and whether
# it may be bound as a book. On phones and on the wall: `retrain-kit class STUDY --exercise conversation`.

# %%
from tempfile import TemporaryDirectory

from retrain_kit.answers import Store, deriving
from retrain_kit.exercises.conversation import consented, subjects
from retrain_kit.exercises.conversation import figures as talk_figures
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.widget import Talk

# %%
aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
store = deriving.open_store(store_folder) if store_folder else Store(f"{aside.name}/answers")
Talk(Conversation(store, manifest.name), subjects.subjects_of((), manifest))

# %% [markdown]
# What was written, as far as its authors agreed to have it shown here. Run this cell again whenever something was said; as long
# as nobody has written anything, it shows an example that says what a conversation is. `retrain-kit book FOLDER -o book.pdf`
# binds what its authors agreed to bind, with the footnotes in the margin, and counts what it left out.

# %%
talk_figures.conversations_view(consented.consented_conversations(store, [manifest.name], shown_for))

# %% [markdown]
# ## What has been published about workers
#
# Figures of many, each with its date and its source. They stand beside the voices and do not explain them.

# %%
notebook_view.facts_table()

# %% [markdown]
# ## The images, and somebody's time
#
# The study as its makers describe it, and its annotations as published figures count them: always an interval, and other
# people's times. Notebook 15 says where the figures come from.

# %%
figures.study_card(manifest)

# %%
stack_views(work_ledger.study_ledger(manifest, work_ledger.choose_figures([], [])).views)

# %% [markdown]
# ## What cannot be concluded
#
# - **What a conversation comes to.** Nothing is summed up. Who wrote last was not right, and who wrote most was not heard more.
# - **What workers say.** These are those who were asked, agreed, and have not taken it back. Who was not asked is not here.
# - **That many think so, or few.** Voices are not counted against each other, and not weighed.
# - **Who it is.** A pseudonym follows from nothing about a person. Somebody who knows them may still know them by what they
#   say, or by a sound. No program can take that away.
# - **That a strategy works, or is allowed.** It is what somebody does.
# - **That an empty situation does not occur.**
# - **That it may be shown elsewhere.** The terms are for this use. Another use asks again.
