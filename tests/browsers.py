"""How the suite's browsers start: without a screen, and with this machine alone to talk to."""

from retrain_kit.reports import render

HOST = "127.0.0.1"
FLAGS = (*render.QUIET_FLAGS, "--no-sandbox", f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}")
