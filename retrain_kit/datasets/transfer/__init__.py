"""Transfer: files from the web and out of archives, whole or not at all."""
