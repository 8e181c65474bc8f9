"""In a class: first text, second text and what comes back, all by the code of the card in one's hand."""
