"""The case file on the counter: found or opened, ticked, and the paper the person leaves with."""
