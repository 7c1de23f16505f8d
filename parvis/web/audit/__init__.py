"""The journal, read by people: what happened, to what, by whom, when."""
