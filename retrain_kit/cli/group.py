"""The group of commands, and how it says what went wrong."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retrain_kit import __version__
from retrain_kit.cli import naming, rejections, words_veil
from retrain_kit.errors import STOPPED, STOPPED_STATUS, Fault, KitError, ParameterError
from retrain_kit.storage import files, signals

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUT = "-o"
"""The option by which commands are told where to write."""
_TYPED = click.core.ParameterSource.COMMANDLINE
_USAGE_STATUS = 2
_NO_LIMIT = 1000
"""More letters than any first sentence has."""


class UnwrappedHelpCommand(click.Command):
    r"""A command whose help keeps the lines of a paragraph that has a line `\b` before it.

    Where it takes a study, its help says what that may be, and it has `--accept-words`.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - click's settings
        super().__init__(*args, **settings)
        known = {name for each in self.params for name in each.opts}
        if naming.takes_study(self) and words_veil.ACCEPT not in known:
            self.params.append(words_veil.AcceptOption())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take in what was typed; an option that takes one value is refused where it stands twice.

        Click would take the last one, and nobody would hear of the others.
        """
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for each, times in Counter(order).items():
            if isinstance(each, click.Option) and times > 1 and not (each.multiple or each.is_flag):
                name = max(each.opts, key=len)
                raise click.UsageError(f"{name} stands here {times} times. It takes one value.", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command, once it is known that what it makes can be written where `-o` says."""
        for path in self._places(ctx):
            files.check_place(path)
        return super().invoke(ctx)

    def _places(self, ctx: click.Context) -> Iterator[Path]:
        for each in self.params:
            if each.name and _OUT in each.opts and ctx.get_parameter_source(each.name) is _TYPED:
                told = ctx.params[each.name]
                yield from (path for path in (told if each.multiple else [told]) if isinstance(path, Path))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, with the sign that click looks for in the place of those two letters."""
        self.help = (self.help or "").replace("\\b\n", "\b\n")
        super().format_help_text(ctx, formatter)
        if naming.takes_study(self):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(naming.STUDY_IS)


class ListedGroup(click.Group):
    """A group of commands whose help lists each with the whole first sentence of its own."""

    command_class = UnwrappedHelpCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list: click would cut each sentence at a line."""
        rows = [(name, self.commands[name].get_short_help_str(_NO_LIMIT)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class KitGroup(ListedGroup):
    """A group of commands that says a user's mistake in one line a fault, without traceback."""

    group_class = ListedGroup

    def make_context(self, *args: Any, **settings: Any) -> click.Context:  # noqa: ANN401 - click's signature
        """Take in what stands before the command."""
        with _usage_in_a_line():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command.

        It ends with 2 for wrong parameters, with 1 for everything else that went wrong, and with 3 where all
        was done but annotations could not be taken.
        """
        with words_veil.veiling() as veiling:
            return self._invoke(ctx, veiling)

    def _invoke(self, ctx: click.Context, veiling: words_veil.Veiling) -> Any:  # noqa: ANN401 - the same
        try:
            with signals.ended_as_interrupted(), rejections.said_on_screen() as watch, _usage_in_a_line():
                done = super().invoke(ctx)
            veiling.say()
            if watch.studies:
                ctx.exit(rejections.REJECTED_STATUS)
            return done  # noqa: TRY300 - the exit is no error
        except KitError as error:
            print_faults(error)
            ctx.exit(_USAGE_STATUS if isinstance(error, ParameterError) else 1)
        except KeyboardInterrupt:
            click.echo(STOPPED, err=True)
            ctx.exit(STOPPED_STATUS)
        except OSError as error:
            print_faults(_unwritten(error))
            ctx.exit(1)


def _unwritten(error: OSError) -> KitError:
    """Return the error for what a full disk did not take, as under standard output, where no file is named.

    Raises
    ------
    OSError
        Where the system says something else, or of which file it speaks.
    """
    if error.filename or error.errno not in files.REASONS:
        raise error
    do = f"{files.advise_place(error)}; files that were finished stay."
    return KitError(
        Fault("what was being written", files.REASONS[error.errno], "a place that can be written", do)
    )


def print_faults(error: KitError) -> None:
    """Say each fault in a line, without veiled words of the studies that were read."""
    for fault in map(words_veil.current().fault, error.faults):
        click.echo(f"retrain-kit: {fault}", err=True)


@contextmanager
def _usage_in_a_line() -> Iterator[None]:
    """End in one line when what was typed is wrong, with what says more."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # which is no mistake: the help is shown
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "retrain-kit"
        told = " ".join(error.format_message().split())
        click.echo(f"retrain-kit: {told} Type: {command} --help", err=True)
        raise click.exceptions.Exit(_USAGE_STATUS) from None


def ask_key() -> str:
    """Ask somebody for their key, which a terminal does not show; where none is there, it comes in as a line.

    Raises
    ------
    ParameterError
        When nothing comes.
    """
    if sys.stdin.isatty():
        return str(click.prompt("Your key", hide_input=True))
    if key := sys.stdin.readline().strip():
        return key
    do = "Type the command in a terminal, or give the key by --key."
    raise ParameterError(Fault("key", "no terminal to ask for it", "eight words", do))


@click.group(cls=KitGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retrain-kit")
def kit() -> None:
    """Study image data sets critically: pull studies, make reports, look after the installation."""
