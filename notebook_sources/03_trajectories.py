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
# # Trajectories
#
# Before an image was one of many in a data set, it was one. Who took it, who posted it, who listed it? Which program
# fetched it, made it smaller, saved it again? Who, or what, put words on it? And how much of this is kept with the
# image? This notebook puts two readings beside each one: a **card** with what the tables of
# the study say about its way, and with what none of them says; and a reading of its file as **material**: exposure,
# density of its colours, ink, and what compression kept of it.
#
# People who lived with printed images of data sets for a week or more asked where an image had been posted, in what
# resolution, and what had become of it. One answer proposed to read an image as a list of colour densities, ink
# requirements, exposure time and f-stops (Gabriel Pereira and Bruno Moreschi, *Living with images from large-scale data
# sets*).
#
# **Content notice.** Among labels for people there are insults. Labels below *person* are veiled, or those that the
# study's own list names: ▒▒▒ and an id stand in their place, all counts stay. They are shown where `accepted` in the
# next cell is set to True.

# %% tags=["parameters"]
from typing import Annotated

from retrain_kit.reports.parameters import File, Ge, Study

study: Study = "embedded-sample"  # which study: its name, the path of its .toml, a folder, or fiftyone:NAME
images: Annotated[int, Ge(0)] = 6  # how many images to draw; 0 takes all of them
seed: int = 7  # another seed draws other images
ink_profile: File = ""  # path of an ICC profile to print by; the kit's own (offset, coated paper) when empty
accepted: bool = False  # I have read the content notice: show all words

# %% tags=["remove-cell"]
from retrain_kit.reports import parameters

parameters.check(globals())

# %%
from pathlib import Path

from retrain_kit import fiftyone
from retrain_kit.analysis import trajectories
from retrain_kit.display import figures
from retrain_kit.studies import sampling
from retrain_kit.widgets.progress import watched

# %% [markdown]
# ## The study
#
# What holds for all of its images stands here once.

# %%
manifest, dataset = fiftyone.open_study(study, accepted=accepted)
figures.study_card(manifest, fiftyone.rejections(dataset))

# %%
every = fiftyone.samples(dataset)
drawn = sampling.draw_samples(every, images, seed)
profile = Path(ink_profile) if ink_profile else None
print(f"{len(drawn)} of {len(every)} images.")

# %% [markdown]
# ## Where else
#
# One image can be in many lists. The other studies on this machine are looked through for these images: by the digests
# of their files, and by *perceptual hashes*, which change little where an image is saved again, made smaller or
# mirrored. What looks alike is not always the same: the cards say how it was found, and who has judged it. What people
# found by searching, as with a search engine for images, they note in a table beside the study: where, when, by
# whom, and how sure they are.

# %%
from retrain_kit.batch.near_duplicates import elsewhere

found = elsewhere.find_elsewhere(drawn, manifest, accepted=accepted)
found.note

# %% [markdown]
# ## Each image, its card and its material
#
# Behind each answer stands in small type who gives it: the table and its column, the address an id was read from, the
# field of the file. Nothing was looked up on the web. A licence is what somebody listed on the day a table was made; an
# address may lead nowhere by now. The list of what is *not known* is as much a part of the card as its answers, and comes
# first: what is not known of any of these images once, before them, the rest with each. The facts of a card unfold.
#
# How to read the material:
#
# - **Exposure** is what the camera wrote into the file (EXIF), where nobody has removed it. Places are never shown.
# - **Density** is how dark a colour is, as printers count it: 0 is white paper, 1 lets a tenth of the light come back,
#   2 a hundredth. The histograms show how much of the image is how dense, in red, green and blue light.
# - **Ink** is the part of the paper that each of the four inks covers. Dark images cost more of it; a press stops at
#   a limit, so the blackest places lose their differences there.
# - **Detail at level zero**: JPEG divides the detail of each block of 8 × 8 pixels by fixed steps and rounds; what
#   rounds to zero is gone. The steps are the same in the dark as in the light, so that in the dark one step is a larger
#   part of what light there is: that is arithmetic. Blocks are sorted into three bands by their mean luminance in the
#   file, from 0 (black) to 255 (white): dark up to 85, middle up to 170, light above.

# %%
reading = watched(drawn, "reading files")
trajectories.images_with_cards(reading, manifest, profile, found.facts)

# %% [markdown]
# ## Dark and light
#
# “When an image is compressed, dark areas – especially black regions – lose the most information”, says the film maker
# Juntao Yang, and calls it a technical racism (*The Other Side of Algorithms*, a conversation with Nicolas Gourault, Jilu
# Commune, 2025). Is more of the detail at level zero in the dark blocks of these images than in their light ones?
#
# It is asked of the whole study, or of 1,000 of its images, and of each image against itself: the share in its dark
# blocks less that in its light ones. A band with fewer than ten blocks is left out. The sentence follows from the
# interval: if it holds 0, no difference can be seen, and that is no proof that there is none.

# %%
from retrain_kit.analysis import band_loss, reach

read = sampling.draw_samples(every, band_loss.MOST_IMAGES, seed)
band_loss.read_band_loss(each.path for each in watched(read, "reading files")).note

# %%
reach.reach_note(manifest, len(read), len(every))

# %% [markdown]
# How many files have one and the same table of steps, to the last number? If many do, one program may have saved them
# with one setting. Whose was it: of those who took the images, or of those who collected them?
#
# ## What cannot be concluded
#
# - **That a silent table hides something.** What is not known was perhaps never asked, perhaps lost, perhaps left out
#   on purpose; these lists do not tell which.
# - **That the way was the one on the card.** A card holds what tables say. Between two of its lines an image may have
#   been posted, copied, cut and saved any number of times.
# - **That an image is nowhere else.** Other studies on this machine were looked through, and nothing beyond them.
# - **That two images are one because they look alike.** A person has to say so, and may be wrong. Nor does a copy tell
#   which of the two was first.
# - **That a licence was given, or still holds.** It was listed. Whether the person who posted the image had made it,
#   and what they and the people in it would say today, is not in any table.
# - **What compression took.** Detail at level zero may have been taken or never have been there: a night sky and a
#   white wall are smooth without any compression. The original would be needed to tell, and it is not here. Where the
#   dark places of images have less detail than their light ones, that is a reason to look, not a proof.
# - **What camera, press or screen did.** Values are read as the file says they are meant. An image that was
#   brightened, sharpened or filtered before its last saving reads as if it had been born so.
# - **Anything for a court.** None of these readings says whether an image is genuine, who is in it, or what happened.
