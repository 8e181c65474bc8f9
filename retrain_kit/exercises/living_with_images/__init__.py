"""*Living with images*, after Gabriel Pereira and Bruno Moreschi: plan, cards, descriptions and returns."""
