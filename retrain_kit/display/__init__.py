"""Display: views, figures and cards of images, as HTML and SVG that need no script."""
