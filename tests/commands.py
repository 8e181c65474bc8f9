"""A command of the kit without a process of its own, which takes a while to start."""

from contextlib import chdir
from subprocess import CompletedProcess

from click.testing import CliRunner

from retrain_kit.cli import kit


def typed(folder, *words, **environment):
    """Type a command in a folder; return what a process would have said and ended with."""
    with chdir(folder):
        done = CliRunner(env=environment).invoke(kit, [*map(str, words)], prog_name="retrain-kit")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return CompletedProcess(words, done.exit_code, done.stdout, done.stderr)
