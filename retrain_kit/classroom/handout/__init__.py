"""The handout: a class without a server. One page holds the exercises, and answers come back as files.

The page's script does for one person alone what the sessions do for everybody. They stay the truth: what
comes back is checked like any other file of answers.
"""
