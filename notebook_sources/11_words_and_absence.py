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
places: File = ""  # where images were taken, besides EXIF: a table, or Flickr's answers as JSON
place_by: Literal["degrees", "country"] = "degrees"  # coordinates as fields of ten degrees, or countries
stands_for: list[str] = ["festivity", "meal", "house", "wedding"]  # what stands for these words
store_folder: Folder = ""  # a store with answers to What If…?: their words are read, too; when empty, none
seed: Annotated[int, Ge(0)] = 7  # another seed draws other sentences

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import own_labels, veiled_study
from retrain_kit.answers import Store
from retrain_kit.datasets import label_systems, study_systems
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.what_if import options_said
from retrain_kit.reports import absence
from retrain_kit.widgets.progress import watched

# %% [markdown]
# ## The study
#
# Where `label_system` is empty, the words of the study's own labels are its system. WordNet's folder says more: which words
# stand above a label, and which words of a sentence are words for people. Notebook 10 tells how to get it. Without it the
# usual words for people are veiled in sentences, and nobody can tell which others are.

# %%
manifest, samples, rejected = fiftyone.read_study(study, needs_images=False)  # words are veiled below
listed = study_systems.read_listed(manifest, Path(wounding) if wounding else None)
said = options_said.options_said(Store(store_folder), manifest.name) if store_folder else {}
taxonomy, ids = study_systems.read_study_system(manifest, samples)
if label_system:
    taxonomy = label_systems.read_label_system(Path(label_system), Path(names) if names else None)
    ids = label_systems.sense_ids(Path(label_system))
veil = own_labels.people_veil(taxonomy, listed, accepted=accepted)
shown = veiled_study.StudyVeil(taxonomy, veil, ids, lifted=accepted).look_at(samples)
manifest, samples = shown.manifest_around(manifest), shown.around(samples)

# %%
asked = absence.Asked(beside, accepted, listed, people == "veiled", said, fewest, seed, watched)
words = absence.study_words(samples, manifest, taxonomy, ids, asked)
absence.study_note(words, rejected)

# %% [markdown]
# ## What is written
#
# Phrases for parts of an image, narratives, captions, options that people gave in *What If…?*. Who wrote them is said as
# far as the source says it.
#
# **How sentences are read.** By rules and short lists of words, without a model. A sentence is parted where a word of a
# closed class stands, as *on*, *is*, *the*. What is between names one thing, with its last word: *a loose thread* names
# *thread*; *is green* names nothing. Plurals are taken back. The rules take some words for things that are none, and
# miss others; a word that names a thing in less than half of its uses is left out. They know **English** alone: of
# another language nothing here can be trusted. `retrain_kit.analysis.english` has all of it, and every number leads to
# the sentences behind it.

# %%
absence.written_note(words)

# %% [markdown]
# ## Written, and in no box
#
# Somebody wrote the word of this image. The data set has a label for it. No box of this image bears it. Was it too small,
# too many, not worth a box, or was nobody asked? An image counts once, however often the word is written of it.
#
# *Under a wider word*: a box there bears a word that stands above it in the label system. A box of what stands below it
# counts as a box of it. Words beside it are never taken for it. *Boxed in* is in how many images of the study any box
# has it. Sentences are drawn by the seed.

# %%
absence.in_no_box(words)

# %% [markdown]
# ## No word for it
#
# Things that people wrote down, and that no label in this study names. A word that the label system has, and that no
# annotation here bears, is said to be there. Which of these does the data set have no place for, and which did nobody
# want boxed?

# %%
absence.no_word(words)

# %% [markdown]
# ## Denied
#
# Some data sets keep what was said **not** to be there. A label is *denied* in an image where the source says that it is
# absent, and nothing says that it is present; *disputed* where both are said, or where votes disagree. The share is that
# of the images in which anything is said of the label. It says how often a guess was wrong, and somebody had to say so.

# %%
absence.denied(words)

# %% [markdown]
# ## Never together, always together
#
# If where one label is had nothing to do with where the other is, they would meet in as many images as *by chance* says,
# and in 95 of 100 such draws in so many as the next column says. *p* is how often chance would have as few, or as many.
# The least likely come first. Only the 100 most frequent labels are compared.
#
# That two labels never meet may come from the world, from the list of images, or from the rules of those who tagged: a
# face is a part of a person, and somebody said whether both are to be boxed.

# %%
stack_views(absence.meetings(words))

# %% [markdown]
# ## Beside these words
#
# What stands beside the words that `beside` names. *Said of it*: directly before it, *a tall …*, or joined by *is*. *Does*:
# the first word in *-ing*, or a verb of a short list, within four words behind it. *With it*: every other thing that the
# sentence names. The share is that of the images in whose sentences the word stands; beside it the other words that
# were asked for, taken together, and the difference in points.
#
# What is said of these words stays veiled as long as the notice is not accepted; its counts are there. Nothing here is
# about who is in an image. It is about what somebody wrote, and how often.

# %%
stack_views(absence.beside(words))

# %% [markdown]
# ## Where from
#
# Data sets that were gathered on the web carry the norms of a few places: "Halloween and Independence Day celebrations,
# few Indigenous people, and an overwhelming number of pizzas and hamburgers", writes Bruno Moreschi of ImageNet. Where
# was an image taken? Often nobody wrote it down, so **what is unknown comes first**.
#
# Three may say it. They are believed in this order:
#
# - `places`, a file of yours. A table with `image` and `latitude`, `longitude`, or `country` or `place`; names stand on the
#   page as you write them, so write no address. Or what Flickr has answered about its photos (`photos.getInfo`, as JSON);
# - the data set: Flickr-Faces-HQ has a country, data sets in the manner of iNaturalist coordinates. Open Images, COCO,
#   Visual Genome and ImageNet have neither;
# - EXIF in the image files, as a camera wrote it. Many sites take it out.
#
# What is no place is counted with its reason: a latitude of 95, a side of the globe that is missing, and 0, 0, which
# programs write where no place is known. No place is guessed.
#
# **A place can lead to a home.** What is exact is forgotten where it is read. Coordinates stay as whole degrees, some 110 km
# from south to north, and none are written of images with people. These images count at their place, and no page shows them
# beside it. That holds for people whom a label or a hand has marked; who was not tagged is not known to be there.

# %%
from retrain_kit.analysis import known_places
from retrain_kit.datasets import countries, place_tables
from retrain_kit.reports import stand_ins, where_from

country_at = countries.country_lookup() if place_by == "country" else known_places.no_country
sources = [place_tables.read_places(Path(places), samples, country_at)] if places else []
sources += [known_places.places_in_data_set(samples, country_at)]
sources += [known_places.places_in_files(samples, country_at, watched)]
known = known_places.known_places(samples, sources)

# %%
where = where_from.WhereFrom(
    samples, known, words.people, words.shown.veil, manifest, people == "veiled", watched
)
where_from.who_says(where)

# %% [markdown]
# A place is called what its source calls it: *USA* and *United States* are two, and nothing is joined. A place without a
# name is a field of ten degrees. Where `place_by` is *country* it has the country that it lies in, by Natural Earth's
# borders; for that type `pip install 'retrain-kit[places]'`. Borders are one map's, in the view that it marks as
# Germany's. Where states dispute one, it has taken a side.

# %%
where_from.places(where)

# %% [markdown]
# The grid has no coasts and no borders: these would be somebody's map. A field at the pole is drawn as large as one at the
# equator, and is much smaller on the globe.

# %%
where_from.degrees(where)

# %%
where_from.places_of_images(where)

# %% [markdown]
# ### Which words are where, and which never
#
# Each place is compared with all images of known place. *Times as often*: 2 × means that images of the place have the word
# twice as often as all of them. The interval holds it in about 95 of 100 such draws; of twenty intervals one misses by
# chance. Words come first that are there more often as far as their interval tells, then the most frequent.

# %%
found = where_from.count_words(where, fewest)
where_from.words_there(where, found)

# %% [markdown]
# A word is *never there* where no image of the place has it, though at least `fewest` would, if its images were like all of
# known place. Some are missing by chance; how many is said below the table. Is the thing not there, was it not
# photographed, was the photo not taken into the list, or did nobody tag it?

# %%
where_from.words_never(where, found)

# %% [markdown]
# ### What stands for a word
#
# What does the data set show where it says *festivity*, *meal*, *house*, *wedding*? Its images are those that bear the word,
# or anything that the label system has below it; a word with several meanings is looked for in each by itself. Every
# other label is counted in them, and against all images of the study. *In no image* is what the label system lists
# below the word and no image bears: whose festivity is not among them?
#
# A label system has its own mind of what stands below what. In WordNet 3.0 *Halloween* is a *day* and no *festivity*, below
# which it has *Oktoberfest*; it has no word for Diwali. So ask for words by themselves, too. A label that is written like the
# word, and could mean several things, counts by itself. Places of fewer images than `fewest` are joined, so that
# nobody can tell who of few was where.

# %%
asked_for = stand_ins.find_stand_ins(where, stands_for)
stack_views(stand_ins.stand_in_views(where, asked_for, fewest))

# %%
stand_ins.never_used(where, asked_for)

# %% [markdown]
# ## What cannot be concluded
#
# - **Anything about the people in these images.** What is counted is what somebody wrote. Whom they called *man* or *woman*
#   was not asked.
# - **That what is in no box is missing.** Boxes answer a list of questions. What was not asked for has no box, and a
#   thing can be boxed under another word.
# - **That what nobody wrote was not seen.** A phrase is short, and paid by the piece as far as anybody has said.
# - **That a word means the same wherever it is written.** An *orange* is a fruit and a colour; the rules know no meanings.
# - **That an interval speaks of other images.** It says how far a share would move with other images of the same kind.
#   Sentences of one hand are alike, and hands are not counted here.
# - **That labels which never meet exclude each other.** They did not meet in this list.
# - **That a veiled word is a bad word**, or that what is not veiled wounds nobody.
# - **Where images without a place were taken.** Who lets a camera write a place, and who lets it stand, is no chance draw.
# - **That a place looks like its images.** Tourists photograph what tourists photograph.
# - **That images are independent.** One person may have given all of a place. Then every number is less sure than it looks.
# - **That a word stands for what is beside it.** Labels meet because things do, or because the same people were asked for both.
