"""Display: figures and cards, as HTML and SVG that need no script."""
