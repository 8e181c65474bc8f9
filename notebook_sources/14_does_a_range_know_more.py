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
# # Does a range know more than a label?
#
# *What If…?* ends with a range where a data set has one label. The exercise says, with irony, that it "continues to
# generate valuable machine training data". Is it so? Does a range hold anything that one label does not?
#
# The question is easy to answer as one likes: a classifier that is trained on *anything* softer than one label is often
# better, whatever made it softer. So what is compared here, with what, by which score and by which rule was written down
# before any answer was looked at. It stands in the code, all arms are always shown together, and a null result is a result.

# %% tags=["parameters"]
from typing import Annotated

from retrain_kit.reports.parameters import File, Folder, Ge

store_folder: Folder = ""  # where a class's answers are kept; when empty, people who do not exist alone
soft_labels: File = ""  # what people said of images: counts as .npy, or soft-labels.parquet of this kit
embeddings: File = ""  # an embedding of each of these images, .npy or .npz
images: File = ""  # in place of embeddings: the images, .npy, or a binary file of CIFAR-10, .bin
model: str = ""  # the name or the card of a model that takes features from these images, see notebook 12
seed: Annotated[int, Ge(0)] = 7  # another seed draws other people, and splits images elsewhere

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from retrain_kit.analysis.left_out import leave_people_out
from retrain_kit.answers.deriving import open_store
from retrain_kit.display.figures import Note
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.training import predicted_people, range_views

# %% [markdown]
# ## Leave one person out
#
# This needs no machine, and works with a class. Each person is left out in turn. From what all others said of an image, five
# ways try to predict how this person weighed the same options:
#
# - **the range of the others**: the mean per cent of each option;
# - **one label**: the option that the others gave most, and nothing else;
# - **one label, softened**: the same label, with as much weight as first options have at other images;
# - **the overall frequencies**: how likely the same words were found at other images;
# - **the range of another image**: as soft as ranges are, in the order of this image. It is the control: it knows what a
#   range looks like, and nothing of how sure people are *here*.
#
# A range knows more than a label only if it predicts better than each of the four. Ten people and five images are the
# fewest of which anything is said.
#
# ## People who do not exist
#
# A test that can't fail says nothing, and neither does one that always does. So here are two classes of 30 people who do not
# exist, of whom it is known what their ranges know. **In the first, images differ in nothing but the order of their options**:
# how sure people are is the same everywhere, and a range can know no more than the range of another image.

# %%
nothing = leave_people_out(predicted_people.simulated_places(0, seed))
range_views.verdict_note(nothing, "People who do not exist, and whose ranges know nothing more")

# %%
range_views.verdict_table(nothing, "nothing-to-know")

# %% [markdown]
# One label does far worse here, too, though there is nothing more to know. Whoever compares a range with one label alone
# would have found what they hoped for.
#
# **In the second, people are surer at some images than at others**: the weights of an image are raised to a power between
# 0.5 and 1.5.

# %%
something = leave_people_out(predicted_people.simulated_places(0.5, seed))
range_views.verdict_note(something, "People who do not exist, and whose ranges know more")

# %%
range_views.verdict_table(something, "something-to-know")

# %% [markdown]
# Of 200 such classes without anything to know the test finds it in 7, and of 200 whose powers lie between 0.7 and 1.3 in
# 173; with ten people and five images in 11, and in 45. A small class will rarely show a small effect.
#
# ## The class
#
# What people said in *What If…?*, as far as they agreed that it may be published. The same is printed by
# `retrain-kit training STORE --test`.

# %%
if store_folder:
    with open_store(store_folder) as answers:
        views = range_views.class_views(answers)
else:
    views = [Note("No class: set store_folder to the folder of its answers.", ())]
stack_views(views)

# %% [markdown]
# ## The probe
#
# Does a *machine* learn more from ranges? Features of a network that is not trained further are taken as they are, and one
# layer is trained over them, on targets of six kinds: one label; the same label smoothed as much as ranges are; **the range of
# another image with the same label**, which is again the control; one answer of one person; a range of five answers; the range
# of all answers. Each is scored by what all people said of images that it was not trained with.
#
# For this one needs many images with many answers. CIFAR-10H has 50 answers for each of 10,000 images
# (`github.com/jcpeterson/cifar-10h`, CC BY-NC-SA 4.0; Peterson and others, *Human uncertainty makes classification more
# robust*, ICCV 2019); its `cifar10h-counts.npy` goes into `soft_labels`, and features of CIFAR-10's test images, in the same
# order, into `embeddings`; or the images themselves, CIFAR-10's `test_batch.bin`, into `images`, and a `model`. Soft labels of this kit are taken as they are, with an `.npz` of `ids` and `embeddings`.

# %%
files = range_views.ProbeFiles(soft_labels, embeddings, images, model)
stack_views(range_views.probe_views(files, seed))

# %% [markdown]
# In a trial on CIFAR-10H before this probe was written, with features of EfficientNet-Lite0, ranges were better by a twentieth
# where people differ most, **and the range of another image was better by as much**: most of what ranges seemed to teach was
# to be less sure. A weaker set-up, in which each arm was tuned by itself, had shown ranges winning everywhere.
#
# ## What cannot be concluded
#
# - **That people are right.** What is predicted is what the next person says, not what is there.
# - **That ranges are worthless where they predict nothing.** They were not made to predict. A range keeps what somebody said
#   who was alone with it, and a mean, which is all that is scored here, forgets exactly that.
# - **Anything about other images.** What is drawn by chance is people; the images stay the same.
# - **That a class that shows nothing has nothing to show.** With few people, small effects are not seen.
# - **That a machine has to be fed.** That something can be training data does not say that it should be.
