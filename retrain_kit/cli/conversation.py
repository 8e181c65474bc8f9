"""What a conversation is about, for the commands that hold one."""

from __future__ import annotations

import click

question_option = click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="WORDS",
    help="A question for a conversation, beside its images; repeatable.  [default: the source's]",
)
