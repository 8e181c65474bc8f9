"""Sentences that would be something else than text, if anything took them at their word."""

HOSTILE = (
    "<script>hit = 1</script>",
    "<img src=x onerror='hit = 1'>",
    "</script><script>hit = 1</script>",
    "<svg onload='hit = 1'><a href='javascript:hit = 1'>mist</a></svg>",
    "javascript:hit = 1",
    "[mist](javascript:hit=1)",
    "\u202etsim\u2066 \u202b",
    "&lt;b&gt;mist&lt;/b&gt;",
    "{{ 7 * 7 }} ${hit = 1} $\\href{javascript:hit=1}{mist}$",
)
