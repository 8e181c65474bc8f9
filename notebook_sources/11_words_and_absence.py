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
# # Words and absence
#
# What was written of an image, and is in no box of it? What did people deny? Which labels never meet? What stands beside
# *man*, and what beside *woman*? For what has the data set no word at all? This notebook reads the words of a study:
# labels, phrases, narratives, captions. It says nothing about who or what is in the images.
#
# **Content notice.** Among words for people there are insults. All are veiled: ▒▒▒ stands in their place, with all counts.
# They are shown where `accepted` in the next cell is set to True. Without a list of words that may wound, every word below
# *person* counts as one. Regions of people are made coarse in the images below.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Folder, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
label_system: str = ""  # WordNet's folder, a hierarchy, a CSV; when empty, the study's own words
names: File = ""  # what ids are called, as Open Images' class descriptions; empty where the system says it
wounding: File = ""  # a list of ids whose words may wound: these are veiled; when empty, all words for people
accepted: bool = False  # I have read the content notice: show all words
people: Literal["veiled", "shown"] = "veiled"  # whether regions of people are made coarse in images
beside: list[str] = ["man", "woman", "boy", "girl", "person"]  # beside which words to look
fewest: Annotated[int, Ge(2)] = 5  # what is in fewer images is counted, and not compared
store_folder: Folder = ""  # a store with answers to What If…?: their words are read, too; when empty, none
seed: Annotated[int, Ge(0)] = 7  # another seed draws other sentences

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone

# %% [markdown]
# ## The study

# %%
manifest, dataset = fiftyone.open_study(study)
samples = fiftyone.samples(dataset)

# %% [markdown]
# ## What cannot be concluded
#
# - **Anything about the people in these images.** What is counted is what somebody wrote.
