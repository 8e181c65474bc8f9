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
# # Living with images
#
# A data set can have millions of images. Who has looked at one of them for longer than it takes to give it a word? This
# notebook is for looking: **three images, a week, a person**. In a first class everybody writes down what they see, in
# 20 seconds. They take the images home and live with them. In a second class they write again, in 30 seconds, and lay
# the two texts beside each other.
#
# *Living with images* is an exercise by Gabriel Pereira and Bruno Moreschi. They sent images to 111 people, and tried the
# plan with a class in Brazil (*Living with images from large-scale data sets: A critical pedagogy for scaling down*).
# Course, times and questions follow their guide; the plan is told in the kit's own words.
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated, Literal

from retrain_kit.reports.parameters import File, Folder, Ge, Le, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
people: Annotated[int, Ge(1), Le(10000)] = 1  # how many people get a set of images
each: Annotated[int, Ge(1), Le(100)] = 3  # how many images are in a set
seed: int = 7  # another seed draws other images
cards_format: Literal["a6", "quarter-letter", "a5", "half-letter", "a4", "letter"] = "a6"  # the cards' size
cards_file: str = ""  # the cards are written here, as .pdf; when empty, nowhere
which: Literal["first", "second"] = "first"  # which class this is
times: Literal[0, 1, 2, 10] = 1  # how many times the time asked for; 0 for no limit; each can choose
language: Literal["en", "pt", "es", "fr", "sw", "zh"] = "en"  # translation beside the English; en for none
plan_language: Literal["en", "es", "fr", "pt"] = "en"  # the language of the teaching plan
use: Literal["class", "publication"] = "class"  # where it is shown; what people did not agree to is left out
caption_table: File = ""  # a CSV of image, caption, credit: one line beside people's many
caption_model: str = ""  # the card of a model that writes such lines, see notebook 12
store_folder: Folder = ""  # where texts are kept; name a folder, or they are gone before the second class
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from tempfile import TemporaryDirectory

from retrain_kit import fiftyone
from retrain_kit.display import figures
from retrain_kit.exercises.living_with_images import allocation, teaching_plan

# %% [markdown]
# ## The plan
#
# Two classes and a week between them. `retrain-kit plan -o plan.pdf` writes it as a handout, `-o plan.html` or
# `-o plan.md` the text for a course page; `--language pt`, `es` and `fr` are translations that nobody has reviewed.

# %%
teaching_plan.show_plan(plan_language)

# %% [markdown]
# ## The images
#
# Where do they come from, and who chose them?

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
every = {sample.id: sample for sample in fiftyone.samples(dataset)}
hands = allocation.allocate_reviewed([manifest], allocation.AllocationTerms(people, each, seed))
drawn = [every[lot.image] for hand in hands for lot in hand.lots]
figures.study_card(manifest, fiftyone.rejections(dataset))

# %% [markdown]
# ### Look before you hand out
#
# Chance has dealt the sets, no image twice in a class. Nobody but you has looked at them. Accept each image, replace it, or
# remove it; where the data set has a notice, the image waits until you choose to see it. Then run the cells from *The
# images* on again: in the place of a replaced image comes the next one, to be looked at in its turn. What you decide is
# kept with the study.

# %%
from retrain_kit.widgets.review import ImageToReview, ReviewGrid

ReviewGrid([ImageToReview(manifest, sample) for sample in drawn])

# %% [markdown]
# ### The cards
#
# They are written once every image is accepted: fronts and backs for a printer that turns the sheet, with room for notes
# and with what the data set says of each image. The code on a card leads back to its record: `retrain-kit card CODE`.
# `retrain-kit sheets` does the same for several studies, for a class of three hundred, or for images picked on the page of a
# mosaic, with `--from`.

# %%
from retrain_kit.exercises.living_with_images import cards

cards.offer_cards(hands, [manifest], cards_file, cards.CardOptions(cards_format))

# %% [markdown]
# ## Two descriptions
#
# Nothing runs before you start it. When the time is up, the text is locked and kept as it is; you can still read and copy
# it. Who needs more time chooses it before, or takes it while writing, and gives no reason. That it was taken is kept
# with the text, and stands in no figure.
#
# What you write stays yours. It is kept under a pseudonym made at random, on this computer alone. With your key, eight
# words, you come back in the second class, add a footnote or withdraw what you wrote. Write it on the back of a card.
# In the second class you see your first text once the second is there. To refuse is an answer: it is kept, and shown as one.
# `retrain-kit class STUDY --exercise living-with-images` does the same for everybody at once, by the codes on their cards.

# %%
from retrain_kit.exercises.living_with_images import descriptions, living_with_images
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.exercises.living_with_images.widget import Descriptions

aside = TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True)
returns = Returns(store_folder or f"{aside.name}/answers", manifest.name)
store = returns.store
exercise = living_with_images.LivingWithImages(store, manifest.name)
Descriptions(exercise, descriptions.images_to_describe(drawn, manifest), which, language, times)

# %% [markdown]
# ## What was written
#
# Run the cells from here on again whenever something was written. As long as nobody has written anything, they show
# descriptions **made for demonstration: nobody said them**, of images that come with the kit. They lie in a file of
# their own, which goes into no store of real answers.

# %%
from retrain_kit.exercises.living_with_images import figures as living_with_images_figures

heard = descriptions.consented_descriptions(store, [manifest.name], use)
shown = descriptions.described_samples(heard, list(every.values()), manifest.name) or drawn
living_with_images_figures.descriptions_summary(heard)

# %% [markdown]
# ### At first sight, and after living with it
#
# Which words stayed, which were dropped, which were added? Nothing is scored: a text that keeps all its words is no worse
# than one that loses them, and a shorter one is no poorer.

# %%
living_with_images_figures.descriptions_side_by_side(heard, descriptions.images_to_describe(shown, manifest))

# %% [markdown]
# ### In the class
#
# The same for everybody, image by image: by whom each word was kept, dropped or added. Words that several people have
# come first.

# %%
living_with_images_figures.class_changes(heard)

# %% [markdown]
# ## One line, and many
#
# Some data sets have lines about their images: a caption, a narrative, a phrase for a part of one. Such a line stands
# here beside what people wrote. Where a data set has captions, the first stands for the image; else the first narrative;
# else the phrase of the largest area. Who made one is said only where the source says it.
#
# A machine that writes about images has one flat line as well. `caption_table` brings such lines from elsewhere, and
# `caption_model` asks a model that is here; each stands under the name of what wrote it. It was taught by lines that people
# were paid for.

# %%
from pathlib import Path

from retrain_kit.exercises.living_with_images import captions
from retrain_kit.models.captions import lines_about

table = Path(caption_table) if caption_table else None
said = lines_about(shown, manifest, table, caption_model, accepted=accepted)
said.note

# %%
captions.data_set_beside_people(shown, manifest, heard, said.lines)

# %% [markdown]
# ## What comes back
#
# A text, a drawing, a song, a film, a PDF; nothing; *I choose not to answer*; the ashes of a card: all of them are answers.
# Drop a file on the card it answers, or write. To **burn** takes an image out of your set, and what you gave back to it out
# of the study, for good; that something was burnt, and when, is all that is left. `retrain-kit bring` takes in a folder.

# %%
from retrain_kit.exercises.living_with_images.returns.widget import GiveBack

GiveBack(returns, drawn, manifest, language)

# %% [markdown]
# Each image, and what people gave back to it. Sounds and films play on the page that `retrain-kit exhibition` makes, or are
# named in its booklet. As long as nothing has come back, these are answers **made for demonstration: nobody said them**,
# to images that come with the kit.

# %%
from retrain_kit.exercises.living_with_images.returns import notebook_view

notebook_view.returns_view(returns, manifest, use)

# %% [markdown]
# ## What cannot be concluded
#
# - **That the second text is the better one.** It comes after living with the image, and where there is a limit it has
#   half as much time again. Longer texts have more words to add.
# - **That a word that was dropped was forgotten.** Words are compared as they are written, and the commonest little words
#   are left out. *Cup* and *cups*, *cup* and *mug* are different words here; who says the same in other words is not
#   heard. Chinese, Japanese, Thai and their like are compared two characters at a time.
# - **That the week is what made the difference.** The first class, the conversation, the second reading of the same
#   question all came between.
# - **What people saw.** They wrote what they could in the time they had, in a language that may not be their first.
# - **That the data set's line is a machine's.** It may be anybody's; a line that names no annotator had one all the same.
# - **That those who gave nothing back had nothing to give.** Of the 111 people whom Pereira and Moreschi
#   invited, 28 answers are analysed in their article. What the others kept is theirs.
# - **Who somebody is.** A pseudonym is made at random and follows from nothing about a person.
#
# ## Trajectories
#
# A card for each image: what the tables of its study say of its way into the data set, who says it, and what none of them
# says.

# %%
from retrain_kit.analysis import trajectories

trajectories.trajectory_cards({sample.id: sample for sample in (*drawn, *shown)}.values(), manifest)
