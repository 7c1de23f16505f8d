"""The counter: one person at a time, by keyboard alone."""
