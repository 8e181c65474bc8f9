"""Lines of a store as another program would write them: signed by a key, or by none."""

import json

from retrain_kit.answers import Author, entries


def signed(fields, key, *, demonstration=False):
    """A line as the author of a key signs it, whatever its fields say."""
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    entry = entries.LogEntry(json.dumps(unsigned).encode())
    (signature,) = Author(key).sign([entry.statement], demonstration=demonstration)
    return {**unsigned, "signature": signature}


def own(fields, key, **changed):
    """A line as the author of a key would say it: with their pseudonym, public key and lock."""
    author, of_it = Author(key), {**fields, **changed}
    (lock,) = author.locks([of_it["id"]])
    speaks = {"who": author.who} if of_it["kind"] == "answer" else {}
    return signed({**of_it, **speaks, "lock": lock, "public_key": author.public_key}, key)
