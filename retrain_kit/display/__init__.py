"""Display: the design of everything that is shown, once: tokens, parts, and how sheets are put together."""
