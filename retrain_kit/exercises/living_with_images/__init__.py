"""The teaching plan of *Living with images*, after Gabriel Pereira and Bruno Moreschi."""
