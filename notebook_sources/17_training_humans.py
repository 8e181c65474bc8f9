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
# # Training humans
#
# Programs that look at people have learned from images of people. Where were these taken from, when, and by whom? Was
# anybody asked? What do their labels call somebody, and what became of them? Kate Crawford and Trevor Paglen dug for that
# in *Training Humans* (Milan, 2019). This notebook is a spade: what is said of such data sets, statement by statement, each
# with its source; and what a study of your own calls people.
#
# **Content notice.** Labels for people hold insults, and guesses at age and gender. They are veiled: ▒▒▒ stands in their
# place, with all counts. They are shown where `accepted` in the next cell is set to True. People are made coarse in the
# images below. Nobody is recognised here, and nothing looks at you.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
histories: str = ""  # a TOML with the history of a data set, or a folder of them, beside those of the kit
label_system: str = ""  # wordnet, its folder, a hierarchy, a CSV; when empty, the study's own words
person: list[str] = []  # ids or words that count as person, too, in a label system of your own
names: File = ""  # what ids are called, as Open Images' class descriptions; empty where the system says it
wounding: File = ""  # a list of ids whose words may wound: these are veiled; when empty, all words for people
accepted: bool = False  # I have read the content notice: show all words
people: Literal["veiled", "shown"] = "veiled"  # whether people are made coarse in images
fields: list[str] = ["GenderPresentation", "AgePresentation"]  # what else annotations say of people
detector: str = ""  # a face detector of yours, module:function or file.py:function; when empty, none
images: Annotated[int, Ge(1)] = 6  # how many images of people are shown
seed: Annotated[int, Ge(0)] = 7  # another seed draws other images

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from dataclasses import replace
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import found_faces, own_labels, people_in_images, people_labels, people_views
from retrain_kit.analysis.veiled_study import StudyVeil

# %%
from retrain_kit.datasets import study_systems
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.reports import training_humans
from retrain_kit.studies import histories as data_sets
from retrain_kit.widgets.brush import Brush
from retrain_kit.widgets.progress import watched

# %% [markdown]
# ## What happened
#
# From the top down. Names are short; the cards below have them whole. What has no date in a source is not here. How long did
# it take until somebody outside looked?

# %%
told = data_sets.load_histories(Path(histories) if histories else None)
training_humans.timeline(told)

# %% [markdown]
# ## What is said of each
#
# Every statement has its source, the source's date, and how it was checked: read in the source itself; read in a source that
# tells what another has said or done; seen in the files; or not verified. **Not stated** means that nothing read for this
# notebook says it. It does not mean that nothing was done.
#
# Add a data set with a TOML of your own: `histories = "mine.toml"`. Its fields are those of the kit's files, in
# `retrain_kit/data/histories`. A statement without a source does not load.

# %%
training_humans.history_cards(told, accepted=accepted)

# %% [markdown]
# Of what there are statements, and of what there are none. What is stated least?

# %%
training_humans.stated(told)

# %% [markdown]
# Every statement, with its source. The CSV holds all of them.

# %%
training_humans.statements(told, accepted=accepted)

# %% [markdown]
# ## What this study calls people
#
# Counted from annotations alone; images are not needed for it. `label` is the word of a region, a point or an image that
# is, or may be, of people. Below it stand the fields that `fields` names: what somebody thought that a person looks like.
# Values are veiled and numbered; *unknown* is not. Where labels are the names of people, they are counted and not shown.
# Who had to decide, and could they say that they did not know?

# %%
manifest, samples, rejected = fiftyone.read_study(study, needs_images=False)  # words are veiled below
asked = (Path(each) if each else None for each in (label_system, names))
taxonomy, ids = study_systems.read_study_system(manifest, samples, *asked)
listed = study_systems.read_listed(manifest, Path(wounding) if wounding else None)
persons = own_labels.persons_meant(taxonomy, person)
veil = own_labels.people_veil(taxonomy, listed, accepted=accepted, persons=persons)
shown = StudyVeil(taxonomy, veil, ids, lifted=accepted).look_at(samples)
manifest, samples = shown.manifest_around(manifest), shown.around(samples)
figures.study_card(manifest, shown.rejections(rejected))

# %%
training_humans.histories_of(manifest, told)

# %%
finder = found_faces.FaceFinder(found_faces.load_detector(detector)) if detector else None
of_people = people_in_images.people_of_study(manifest, taxonomy, veil, ids, persons)
of_people = replace(of_people, finder=finder)
names_of_people = manifest.dataset in own_labels.NAMED_AFTER_PEOPLE
called = people_labels.count_people_labels(samples, of_people, shown, fields, names=names_of_people)
training_humans.people_labels(called, len(samples))

# %% [markdown]
# ## Images of people, people veiled
#
# Drawn from the images that are said to show people. Each person's box is made coarse: at most sixteen mean colours of an
# image are left of all that is veiled. What was there cannot be computed from them; a program that draws a face into them
# invents one. What remains is the place, the size and the outline of the boxes, and everything around. Where no box is of
# a person, those of phrases about people are made coarse; where nothing says where people are, the whole image.
#
# On the right, the same without what was tagged. What is left of a portrait when the person is taken out?

# %%
drawn = people_views.draw_images_of_people(samples, of_people, images, seed)
views = people_views.PeopleViews(manifest, of_people, shown, veiled=people == "veiled")
stack_views(views.figure(number, sample) for number, sample in drawn)

# %% [markdown]
# **Who was not tagged is not veiled.** Look at every image before you show it. Cover by hand what is missing: choose an
# image, then drag over it; by keyboard, arrows move, Space covers, Backspace uncovers. What you cover is kept beside the
# study, as masks without a pixel of the image, and holds for every notebook and report that veils people.

# %%
Brush(manifest, samples, of_people, [number for number, _ in drawn])

# %% [markdown]
# ## A face detector of yours
#
# Any function that takes an image, uint8 (rows, columns, 3), and returns a list of (left, top, right, bottom, score, label);
# after `retrain-kit pull model:blazeface` also `retrain_kit.models.faces:blazeface`.
# It is asked where faces are, never whose. What it finds is veiled beside the boxes, never in their place. How much it
# misses is counted on all images of this study. A find is in a region where its centre is, and stands for one region
# alone. People whom nobody tagged are in none of these numbers.

# %%
looked_at = watched(samples, "Images that the face detector looks at")
missed = people_views.count_all_misses(looked_at, of_people, finder)
training_humans.misses(missed, finder)

# %% [markdown]
# ## What cannot be concluded
#
# - **That people agreed.** A licence is the photographer's. It says nothing of who is in the photograph.
# - **That what is not stated was not done.** It was not found in what was read. Ask, and add what you learn with its source.
# - **That a data set is gone.** An address that does not answer is one copy less.
# - **Who anybody is.** Age, gender and whatever else was written down by somebody who looked. Nobody asked the person.
# - **That numbers of one study are those of the data set.** They are those of the images drawn.
# - **That these are the worst, or the only ones.** They are those of which somebody wrote.
# - **That veiled means safe.** Somebody who knows the person, the place or the photograph may know them by what is left.
#
# ## Where the images come from

# %%
views.credits(drawn)
