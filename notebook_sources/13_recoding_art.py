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
# # Recoding Art
#
# Works of a museum are shown to machines, which were taught to name things. Mostly they are no things. What do machines say
# of them, with which words, and who gave them these words? And what do people say, asked to describe a work, and whether it
# is art?
#
# *Recoding Art* is a film and an article by Gabriel Pereira and Bruno Moreschi. They gave the works of a museum to
# commercial vision services, and then asked workers. **The errors are the material**: where a machine fails at a work, it
# shows what it was made of. Nothing here says what art is.
#
# No service is asked here. The machines are guests: they run on this machine, and nothing is sent anywhere. None
# recognises a face.
#
# **Content notice.** A word for people that a machine says is veiled, as in notebook 10: ▒▒▒ stands in its place. It is
# shown where `accepted` is set to True. Which words are for people is known fully with a `label_system` alone. People are made
# coarse in the images that machines speak of, as far as they are tagged or found.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Folder, Ge, Study

study: Study = "free-works"  # which works: a study's name, the path of its .toml, a folder, or fiftyone:NAME
works: Annotated[int, Ge(1)] = 12  # how many of them are shown and asked about, at most
seed: Annotated[int, Ge(0)] = 7  # another seed draws others, where there are more
classifier: str = "efficientnet-lite3"  # a model that classifies: its name or the path of its card; or empty
detector: str = "ssd-mobilenet-v2"  # a model that detects: its name or the path of its card; or empty
caption_table: File = ""  # a CSV of image, caption, credit: lines that were written elsewhere
caption_model: str = ""  # the card of a model that writes such lines, see notebook 12
sought: list[str] = ["painting", "drawing", "sculpture", "art"]  # words that are looked for in the lists
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # translation beside the English; en for none
use: Literal["class", "publication"] = "class"  # where it is shown; what people did not agree to is left out
store_folder: Folder = ""  # where answers are kept; when empty, they are gone with the notebook
label_system: str = ""  # WordNet's folder, a hierarchy, a CSV, to know which words are for people
accepted: bool = False  # I have read the content notice: show all words
people: Literal["veiled", "shown"] = "veiled"  # whether people are made coarse in images

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.analysis import people_in_images, veiled_study, work_errors
from retrain_kit.datasets import label_systems, study_systems
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.models import asking, captions, inviting, survival_figures, survival_tables, work_lines
from retrain_kit.studies import sampling

# %% [markdown]
# ## The works
#
# A museum's works become a study by `retrain-kit study FOLDER`, where the folder has their images and a CSV of titles, artists
# and credit lines, as museums publish them. Works without an image here, and images without a row, are counted below.
# What a table does not say is not said here either.

# %%
manifest, samples, rejected = fiftyone.read_study(study)  # words are veiled below
system = label_systems.read_label_system(Path(label_system)) if label_system else None
taxonomy = study_systems.read_study_system(manifest, samples)[0] if system is None else system
ids = label_systems.sense_ids(Path(label_system)) if label_system else {}
veil = veiled_study.StudyVeil(taxonomy, ids=ids, lifted=accepted)
kept = {sample.id for sample in sampling.draw_samples(samples, works, seed)}
drawn = [sample for sample in samples if sample.id in kept]
shown = veil.samples(drawn)
figures.study_card(veil.manifest(manifest), veil.rejections(rejected))

# %% [markdown]
# ## The machines, and their words
#
# A machine that classifies has a list of words, and must say one of them. That *painting* is not on the list does not mean
# that its images show no paintings: it means that nobody was asked for the word.

# %%
tasks = [(classifier, "classify"), (detector, "detect"), (caption_model, "caption")]
invited = inviting.invite_guests(tasks)
writers = [guest for guest in invited.guests if guest.card.does == "caption"]
namers = [guest for guest in invited.guests if guest not in writers]
stack_views(invited.notes)

# %% [markdown]
# Before they are asked, it is laid down what will count as *no word fits*:

# %%
figures.Note(work_errors.RULE, ())

# %%
by_id = {sample.id: under for sample, under in zip(drawn, shown, strict=True)}
readings = [
    survival_tables.Reading(
        asking.ask_guest(guest, drawn, work_lines.WHOLE),
        guest.card.labels.shown(system, accepted=accepted),
        by_id,
    )
    for guest in namers
]
survival_tables.left_out_note(readings, veil.told)

# %%
table = Path(caption_table) if caption_table else None
model = caption_model if writers else ""
lines = captions.lines_about(drawn, manifest, table, model, accepted=accepted).veiled(veil, by_id)
asked = work_lines.AskedWorks(shown, readings, lines.lines, sought)
stack_views([*work_lines.words_notes(asked), lines.note])

# %% [markdown]
# ## What they say
#
# Beside each work stands what its table says of it, and what each machine said. A classifier's per cents add up to 100 over
# all its words, whatever it is shown: they say which of its words it would rather say, and never that none is right.

# %%
everyone = people_in_images.people_of_study(manifest, taxonomy, veil.veil, ids)
coarse = everyone if people == "veiled" else None
album = survival_figures.Album(
    drawn, shown, work_lines.WHOLE, veil.manifest(manifest), readings, coarse, veil.told
)
stack_views(work_lines.work_views(album, asked))

# %% [markdown]
# ## The words of titles and media
#
# Could a machine say what the museum says? Each word of a title or a medium is looked for on each list, letter by letter; no
# plural is taken back, nothing is translated or guessed: an English list has hardly a word of a title in Spanish, and that
# says nothing of the machine. Where a list has the word in other names only, those stand here.

# %%
stack_views(work_lines.label_words(asked))

# %% [markdown]
# ## What people say
#
# Describe the work. Is it art? *I don't know* is an answer, and to refuse is one. What the museum and machines say of a work
# is seen after answering. `retrain-kit class STUDY --exercise recoding-art` asks a class, on phones.

# %%
from retrain_kit.answers import Store
from retrain_kit.exercises.recoding_art import beside, demonstration, heard, recoding_art
from retrain_kit.exercises.recoding_art import works as works_of_study
from retrain_kit.exercises.recoding_art.widget import Works

aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
store = Store(store_folder or f"{aside.name}/answers")
to_see = works_of_study.works_to_see(shown, veil.manifest(manifest), asked.lines)
Works(recoding_art.RecodingArt(store, manifest.name), to_see, language)

# %% [markdown]
# ### One line, and many
#
# Run the cells from here on again whenever somebody has answered. As long as nobody has, they show answers **made for
# demonstration: nobody said them**, of works that come with the kit. Those lie in a store of their own.

# %%
answers = heard.consented_answers(store, manifest.name, use)
if not (answers.answers or answers.withheld):
    names = {work.image for work in to_see}
    answers = demonstration.example_answers(f"{aside.name}/demonstration", manifest.name, names)
beside.machines_beside_people(to_see, answers)

# %% [markdown]
# ## Errors as the material
#
# ### Works that no word fits
#
# By the machines' own scores, and by the rule that was laid down above, no word fits these works. Of two machines or more
# that said something, the table also tells where no two share a word. A machine that is sure of a word that nobody would use
# is in neither.
#
# To compare, run this notebook on a study of photographs of things. That machines share no word says less: lists of different
# machines may have few words in common, and share none of things, either.

# %%
work_lines.errors_table(asked)

# %% [markdown]
# Look at these works again, above. What is it that the machine's words come close to: a material, a pattern, an edge, a
# way to take a photograph? Which word would have to be on the list, and who would have to be asked for it?
#
# ### Works that people part over
#
# How many said yes, no, or that they don't know; who refused is counted beside. The share says how often two people who
# answered, drawn by chance, answered differently. It is no score of the work, and no verdict. Fewer than five people are few.

# %%
beside.people_part(to_see, answers)

# %% [markdown]
# ## What cannot be concluded
#
# - **What art is.** People were asked, and answered. No count of them decides it.
# - **That a work is difficult because a machine fails.** It was shown things, photographed to be things, and named by people
#   who were paid to choose from a list.
# - **That a machine saw what it named.** A word that fits by chance looks like one that fits.
# - **That two machines are two witnesses.** They may have learned from the same images, and from the same people's labels.
# - **Anything about other machines.** Another list of words, or a machine that writes sentences, fails elsewhere.
# - **Anything about people who were not asked**, or who refused. Their silence is counted, and not read.
