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
# # Labels and people
#
# What does a data set call people? *ImageNet Roulette* and *Training Humans* asked it by classifying visitors: the label
# hurt, and that was the point. It need not be repeated. Here **nobody who opens this notebook is classified**: there is
# no camera, no upload and no model. What is turned over is the label system, on images that its data set has labelled
# already: which words stand below *person*, what they are said to mean, which were withdrawn and why, and how many
# images went under them.
#
# **Content notice.** Among words for people there are insults. All are veiled: ▒▒▒ stands in their place, with an id
# and with all counts. They are shown where `accepted` in the next cell is set to True. Without a list of words that may
# wound, every word below *person* counts as one. Regions of people are made coarse in the images below.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
label_system: str = ""  # wordnet, its folder, a hierarchy, a CSV; when empty, the study's own words
names: File = ""  # what ids are called, as Open Images' class descriptions; empty where the system says it
withdrawn: File = ""  # a list of ids that were withdrawn, as published
wounding: File = ""  # a list of ids whose words may wound: these are veiled; when empty, all words for people
person: list[str] = []  # ids or words that count as person, too, in a label system of your own
real: File = ""  # ReaL's real.json: second labels of ImageNet's validation
classes: File = ""  # LOC_synset_mapping.txt, which says what the numbers in real.json mean
imagenet_x: File = ""  # a file of ImageNet-X, .jsonl: an annotator's own sentence on an image
accepted: bool = False  # I have read the content notice: show all words
people: Literal["veiled", "shown"] = "veiled"  # whether regions of people are made coarse in images
turns: Annotated[int, Ge(1)] = 6  # how many images a report shows with a label
by: Literal["lot", "label", "depth"] = "lot"  # which: by chance, those of one label, or the deepest labels
label: str = ""  # which label, its id or its word; of a veiled word its id
seed: Annotated[int, Ge(0)] = 7  # another seed draws other images

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import own_labels, person_words, roulette, word_audit
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.datasets import second_labels, study_systems
from retrain_kit.reports import label_tables
from retrain_kit.reports import people as people_reports

# %% [markdown]
# ## The label system
#
# ImageNet and Visual Genome take their words from WordNet 3.0. It does not come with this kit. Either of these brings it,
# and then `label_system = "wordnet"`:
#
# - `retrain-kit pull wordnet` fetches it from Princeton and verifies it;
# - Debian and its kin: `sudo apt install wordnet-base`. On Binder it is there already.
#
# Open Images publishes `bbox_labels_600_hierarchy.json`, and names in `class-descriptions-boxable.csv`. Where
# `label_system` is empty the one that the study names is taken, else the study's own words. They say nothing of what
# stands above them; one place is known, Open Images has *man*, *woman*, *boy*, *girl* and the parts of a human below
# *person*. Words of WordNet whose place is not known are veiled.
#
# Of ImageNet, 1,593 synsets for people were marked *unsafe*: Yang, Qinami, Fei-Fei, Deng and Russakovsky, *Towards fairer
# datasets*, FAT* 2020, doi:10.1145/3351095.3375709; its page is `https://image-net.org/filtering-and-balancing`. The lists
# are theirs and are not in this kit. `withdrawn` takes a list with an id a line, or a CSV with `id`, `reason`, `date`,
# `source`.
#
# In a label system of your own, `person` says which ids or words count as *person*: what stands below them is counted
# and veiled as words for people are.

# %%
manifest, samples, rejected = fiftyone.read_study(study, needs_images=False)  # words are veiled below
files = [Path(each) if each else None for each in (label_system, names, withdrawn, wounding)]
taxonomy, ids = study_systems.read_study_system(manifest, samples, *files[:3])
listed = study_systems.read_listed(manifest, files[3])

# %%
persons = own_labels.persons_meant(taxonomy, person)
veil = own_labels.people_veil(taxonomy, listed, accepted=accepted, persons=persons)
shown = StudyVeil(taxonomy, veil, ids, lifted=accepted).look_at(samples)
manifest, samples = shown.manifest_around(manifest), shown.around(samples)
audit = word_audit.audit_samples(samples, taxonomy, ids)
use = audit.use
words = person_words.find_person_words(taxonomy, persons)

# %% [markdown]
# The card of the study. What it says is under the veil as well, and images have numbers here, for their names may hold a
# label.

# %%
second = second_labels.read_second_labels(
    *(Path(each) if each else None for each in (real, classes, imagenet_x))
)
wheel = roulette.Wheel(samples, manifest, taxonomy, use, words, veil, ids, people == "veiled", second=second)
roulette.study_note(wheel, rejected)

# %% [markdown]
# ## What the study uses of it
#
# A field is as high as the share of all meanings that stand at and below it, and pale where no image of the study bears
# any of them. `retrain-kit words` makes a map of all of them, to go into.

# %%
label_tables.system_icicle(taxonomy, veil, use)

# %% [markdown]
# Every meaning that the study uses, and what stands above it: with its gloss, all ways that lead to it, its depth on the
# map, and how many images and annotations bear it, alone and with all below it. Images count once at each meaning.
# *Siblings never used* are words beside it that no image bears: what could the tag have been instead?

# %%
label_tables.used_words(taxonomy, veil, use)

# %% [markdown]
# ## Names, and where they were led
#
# Visual Genome's annotators called things as they liked. Later each name was led to a synset of WordNet, or to none. Which
# names became one and the same, and which were told apart? Where a thing has several names nobody says which of them its
# synset stands for.

# %%
veiled = StudyVeil(taxonomy, veil, ids)
label_tables.free_names(audit.names, taxonomy, veiled)

# %% [markdown]
# ## Written, and without a word in the system
#
# Things that phrases, narratives and captions name, and for which neither a label nor the label system has a word. They are
# found by rules that know English alone, see notebook 11: it leads to the sentences, and reads answers to *What If…?*, too.

# %%
shown_words = label_tables.shown_words(audit, veiled, samples, listed)
label_tables.lacking_words(audit, shown_words)

# %% [markdown]
# ## How many words for people
#
# A *kind* of person is what a word can be said of many. A *name* is one person, an instance: WordNet has thousands of
# them below *person*, ImageNet uses kinds. Numbers of words count meanings: one meaning can have several words, and stands
# below several others.
#
# An image counts as *under a withdrawn word* where one of its annotations bears it. It *bears another, too* where one
# that was not withdrawn is left to it. Words of the study that lead to no place, or to several, are counted and not
# shown: nobody can say whether they are words for people.

# %%
people_reports.people_note(taxonomy, words, veil, use)

# %% [markdown]
# A field is as high as the share of all meanings that stand at and below it; below *person* from the left to the right. A
# meaning with several parents stands below the first that it is a kind of. Which branches are large? Is that how many
# kinds of people there are, or how many words somebody wrote down?

# %%
people_reports.people_icicle(taxonomy, words, veil)

# %% [markdown]
# What stands directly below *person*. A meaning that stands in two branches is counted in both.

# %%
people_reports.branches(taxonomy, words, veil, use)

# %% [markdown]
# Every word, with its gloss and its path from *person* down. The CSV holds all of them, under the same veil.

# %%
people_reports.people_words(taxonomy, words, veil, use)

# %% [markdown]
# ## What was withdrawn
#
# A withdrawn word stays in the list, with the reason, date and source as far as the list states them. *Images* are those of
# this study alone. A word below a withdrawn one is withdrawn where the list names it, too. Who had asked for these words,
# and who found them good enough to be used until then?

# %%
people_reports.withdrawn_words(taxonomy, words, veil, use)

# %% [markdown]
# ## Roulette, turned round
#
# An image of the study, one of its labels hanging on it, what the label is said to mean, and the way down to it from the
# top. Then the words beside it: what the system could have called it as well. Who gave it, and by which way, is said as
# far as the source says it. Then take away what was tagged: the label still hangs there. What holds it now?
#
# Go on by lot, through the images of one label, or from the deepest labels up. Of ImageNet's validation others have
# asked again: ReaL (*Are we done with ImageNet?*, arXiv:2006.07159) publishes `real.json`, with all labels of the thousand
# that people found to fit an image; the package `imagenet-x` on PyPI has a copy of it, and ImageNet-X, an annotator's own
# sentence on an image and what is unusual in it. Where `real` and `imagenet_x` name these files, they stand beside the
# first label; their licences stand under the credits.
#
# No image can be brought in here, of yourself or of anybody. A label says what a system has words for; on a visitor it
# would say the same, and it would hurt.

# %%
from retrain_kit.widgets.roulette import Roulette

turned = Roulette(wheel, by, label, seed, turns)
turned

# %% [markdown]
# Regions of people are made coarse where the study has a region for them. **Who was not tagged is not veiled**, and what
# is coarse can still be known by those who know the person. Look at every page before you show it.
#
# ## What cannot be concluded
#
# - **That a label is true of who is seen.** Somebody was asked to find images for a word, or a word for an image.
# - **That what is left is harmless.** A list says what somebody marked. What nobody marked was not looked at, or not
#   felt.
# - **That the harm went with the words.** What was withdrawn was learned before, and copies of it are not called back.
# - **That veiled words are bad words.** Without a list all words for people are veiled, because nobody here has read them.
# - **How the people in these images would call themselves.** Nobody asked them.
# - **That a large branch means many people.** It means many words. Who wrote a dictionary, when, decides that.
# - **Anything about the data set beyond these images.** Counts of images are those of the study.
#
# ## Where the images come from

# %%
roulette.credits_note(turned.drawn, wheel)
