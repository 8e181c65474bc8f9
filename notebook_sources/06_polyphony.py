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
# # Polyphony
#
# Bruno Moreschi writes that Amazon Mechanical Turk stands for “a work model where individuals perform common tasks while
# being completely separated from one another”. *Polyphony* lets people read each other. It lays **two images** side by
# side, of different data sets where possible, and asks what they have to do with each other. Everybody writes a sentence
# and improves somebody else's; then everybody reads what became of their own, and writes it anew. Three texts written,
# two read.
#
# Nothing is averaged. What comes out is who made what of whose sentence, on which words they all end, and which words
# somebody dropped and somebody keeps.
#
# *Polyphony* is an exercise by Bruno Moreschi, made with crowdworkers; the prompts are his, to the letter.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import Folder, Ge, OtherStudy, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
second_study: OtherStudy = ""  # for the other image of each pair; when empty, one study has both
pairs: Annotated[int, Ge(0)] = 4  # how many pairs of images to draw; 0 takes as many as there are
seed: Annotated[int, Ge(0)] = 7  # another seed draws other pairs
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # translation beside the English; en for none
use: Literal["class", "publication"] = "class"  # where it is shown; what people did not agree to is left out
store_folder: Folder = ""  # where sentences are kept; when empty they are gone when the notebook is closed
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit import fiftyone
from retrain_kit.display import figures
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.polyphony import pairs as polyphony_pairs
from retrain_kit.exercises.polyphony import polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable

# %% [markdown]
# ## The images
#
# Where do they come from, and who chose them?

# %%
opened = [fiftyone.open_study(name, accepted=accepted) for name in (study, second_study) if name]
studies = [(manifest, fiftyone.samples(dataset)) for manifest, dataset in opened]
stack_views(figures.study_card(manifest, fiftyone.rejections(dataset)) for manifest, dataset in opened)

# %% [markdown]
# No image comes twice. The pairs follow from the seed and the names of the images alone: the same seed lays the same
# two images side by side on every machine.

# %%
faced = polyphony_pairs.draw_pair_figures(studies, pairs, seed)
print(polyphony_pairs.pairs_in_words(faced))

# %% [markdown]
# ## Moments A and B
#
# Several people take turns at this screen; two are enough. *Somebody else* opens a place for the next one, whose
# sentences the others do not see until they are asked to read them. Nobody is ever given a sentence of their own to
# improve. Whoever comes late or has to leave can: the kit gives a sentence that lost its reader to somebody else.
#
# What you write stays yours. It is kept under a pseudonym made at random, on this computer alone. With your key, eight
# words that stand under what you said, you can add a footnote to a sentence or withdraw it. What others made of it by
# then is theirs, and stays. To refuse is an answer: it is kept, and shown as one.
#
# Two buttons give you what all at the table said as a file, and your key as another, also when a session on Binder has
# ended while its page is still open. `retrain-kit merge` brings such files together, from any number of people.

# %%
from tempfile import TemporaryDirectory

from retrain_kit.answers import Store

aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
store = Store(store_folder or f"{aside.name}/answers")
RoundTable([Item(polyphony.Polyphony(store, each.pair), each.figure) for each in faced], language)

# %% [markdown]
# ## What was said
#
# Run the cells from here on again whenever something was said. As long as nobody has said anything, they show the
# **knife case**, in sentences **made for demonstration: nobody said them.** They lie in a file of their own, which goes
# into no store of real answers.
#
# The case itself is real. Moreschi sent crowdworkers a postcard of an image from a data set: a flat surface, remains of
# something red, a knife. Some saw a red fruit cake, cut messily; others the scene of a crime. A worker from
# the Philippines, who preferred to remain anonymous, wrote: “In any case, it looks like the knife is involved in
# whatever this mess is.” The kit does not have the image, nor the workers' sentences; it made up its own.

# %%
from retrain_kit.exercises.polyphony import consented
from retrain_kit.exercises.polyphony import figures as polyphony_figures

heard = consented.consented_sentences(store, [manifest.name for manifest, _ in studies], use)
polyphony_figures.sentences_summary(heard)

# %% [markdown]
# ### Which sentence grew out of which
#
# A refusal stands where it was given, and nothing was made of it. Of what somebody withdrew, only that it was withdrawn
# is left. Footnotes stand under their sentences in the list.

# %%
polyphony_figures.lineage_figures(heard)

# %% [markdown]
# ### Points of agreement
#
# These words survive: no rewriting that had them before its eyes has dropped them, at least one has kept them, and at
# least two people end on them. Those on which most people end come first.

# %%
polyphony_figures.agreement_tables(heard)

# %% [markdown]
# ### Dissent
#
# These words were dropped by somebody. *Kept by* is who ends on them all the same: often the one who said them first
# and, asked again, says them again. A word that nobody keeps is not wrong; it was given up.

# %%
polyphony_figures.dissent_tables(heard)

# %% [markdown]
# ### Did the circle enrich, or did it anchor?
#
# Reading others can add to what one sees, or pull everybody towards what was said first. So the new sentences are laid
# beside the first ones, which were written before anybody had read anything: as many, by the same people, independent
# of each other. *Different words* counts all words that the sentences of a pair have between them. *Likeness* is the
# mean share of words that two sentences have in common, from 0 to 1. More different words and no more likeness would
# be enrichment; more likeness and no more words, anchoring. Both can happen at once. *Chance* changes the places of
# people's first and new sentences: if reading made no difference, that would make none either.

# %%
polyphony_figures.enrichment_note(heard, seed)

# %% [markdown]
# ## What cannot be concluded
#
# - **That the words all end on are right.** They are what nobody had a reason to drop. A circle can agree on a mistake,
#   and one person can be right against it.
# - **That people agree in nothing else.** Words are compared as they are written, and the commonest little words are
#   left out. *Knife* and *knives*, *cake* and *gâteau* are different words here; who says the same in other words is
#   not heard.
# - **That what was dropped was rejected.** To improve a sentence may be to shorten it.
# - **That reading is what made the difference.** New sentences are also the second ones their authors wrote about these
#   images. Longer sentences have more words in common, and more different ones; the length stands beside.
# - **Anything from few people.** With five people or fewer, chance alone brings about whatever can be measured here; the
#   figures describe these sentences and no others.
# - **Who somebody is.** A pseudonym is made at random and follows from nothing about a person. One person may have two.
#
# ## Trajectories
#
# A card for each image shown: what the tables of its study say of its way into the data set, who says it, and what none
# of them says.

# %%
from retrain_kit.analysis import trajectories

stack_views(
    trajectories.trajectory_cards(polyphony_pairs.samples_in_pairs(faced, manifest, samples), manifest)
    for manifest, samples in studies
)
